// SPDX-License-Identifier: Apache-2.0
import { ContractError } from 'yuanliu-chaincode/vocabulary/error';
import { unreadable } from './unreadable.js';

/** What a row of a file of resources can say. `item` is the title; `provider` says whose row it is. */
export const rowFields = [
  'domain',
  'category',
  'item',
  'id',
  'region',
  'summary',
  'format',
  'openness',
  'updateCycle',
  'publishedOn',
  'digest',
  'personal',
  'lawfullyOpened',
  'provider',
] as const;
export type RowField = (typeof rowFields)[number];

/** Headers that are known by themselves, besides the fields' own names; those before take precedence. */
export const knownHeaders: Readonly<Record<RowField, readonly string[]>> = {
  domain: ['领域', '所属领域', '数据领域', '行业领域', '領域', '資料領域'],
  category: ['类别', '分类', '数据分类', '主题', '所属主题', '主题分类', '資料分類', '服務分類', '主題'],
  item: [
    '数据集名称',
    '数据资源名称',
    '信息资源名称',
    '资源名称',
    '数据名称',
    '名称',
    '信息项',
    'title',
    '資料集名稱',
    '資料名稱',
    '名稱',
  ],
  id: ['资源标识', '资源编码'],
  region: ['行政区划代码', '区划代码', '行政区划'],
  summary: [
    '数据摘要',
    '资源摘要',
    '信息资源摘要',
    '摘要',
    '数据描述',
    '描述',
    '简介',
    '資料集描述',
    '資料集說明',
    '摘要說明',
  ],
  format: ['数据格式', '信息资源格式', '资源格式', '格式', '檔案格式', '資料格式'],
  openness: ['开放属性', '开放类型', '开放方式'],
  updateCycle: ['更新频率', '更新周期', '更新頻率', '更新週期'],
  publishedOn: ['发布日期', '发布时间', '發布日期', '發布時間'],
  digest: ['内容摘要值', '摘要值', '哈希值', '校验值'],
  personal: ['是否含个人信息', '含个人信息', '个人信息'],
  lawfullyOpened: ['是否依法公开', '依法公开', '依法依规公开'],
  provider: ['提供方代码', '提供方', '数据提供方', '提供单位', '提供部门', '数源单位'],
};

/** How the sender names columns: a field's header in the file, and values for fields that every row has alike. */
export interface ColumnChoice {
  readonly columns: Readonly<Partial<Record<RowField, string>>>;
  readonly constants: Readonly<Partial<Record<RowField, string>>>;
  /** Headers to leave out although they are known. */
  readonly ignored: readonly string[];
}

/** Which cell of a row says which field. */
export interface ColumnMapping {
  readonly places: ReadonlyMap<RowField, number>;
  /** The header of each mapped field, in the file's words. */
  readonly headers: Readonly<Partial<Record<RowField, string>>>;
  readonly constants: Readonly<Partial<Record<RowField, string>>>;
  /** Columns that are not used, in the file's words. */
  readonly ignored: readonly string[];
}

/**
 * Reads `item=資料集名稱,category=服務分類` and `domain=旅游`; `ignore=HEADER` leaves a column out.
 *
 * @throws ContractError `INPUT_INVALID` naming what is no field, or no pair.
 */
export function columnChoice({
  columns = [],
  set = [],
}: {
  readonly columns?: readonly string[] | undefined;
  readonly set?: readonly string[] | undefined;
}): ColumnChoice {
  const named = pairsOf(columns, 'columns', [...rowFields, IGNORE]);
  const constants = pairsOf(set, 'set', rowFields);
  return {
    columns: Object.fromEntries(named.filter(([field]) => field !== IGNORE)),
    ignored: named.filter(([field]) => field === IGNORE).map(([, header]) => header),
    constants: Object.fromEntries(constants),
  };
}

const IGNORE = 'ignore';

function pairsOf(texts: readonly string[], parameter: string, fields: readonly string[]): [string, string][] {
  const pairs = texts
    .flatMap((text) => text.split(/,(?=[A-Za-z]+=)/))
    .map((text): [string, string] => {
      const at = text.indexOf('=');
      const [field, value] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
      if (at < 1 || value === '' || !fields.includes(field)) {
        throw new ContractError('INPUT_INVALID', {
          message: `${parameter}: ${text} is not FIELD=${parameter === 'set' ? 'VALUE' : 'HEADER'}`,
          issues: [{ path: parameter, message: `${text} does not name a field and a value` }],
          remedy: `fields are ${fields.join(', ')}`,
        });
      }
      return [field, value];
    });
  const twice = pairs.find(([field], place) => field !== IGNORE && pairs.findIndex(([one]) => one === field) !== place);
  if (!twice) return pairs;
  const message = `${parameter}: ${twice[0]} is given twice`;
  throw new ContractError('INPUT_INVALID', {
    message,
    issues: [{ path: parameter, message }],
    remedy: 'give it once',
  });
}

/**
 * Finds the columns of a file: as the sender names them, else by the fields' own names, else by headers that are known.
 *
 * @throws ContractError `INPUT_INVALID` where a named column is missing or there twice, or no column says a field that
 *   every row needs.
 */
export function mapColumns(header: readonly string[], line: number, choice: ColumnChoice): ColumnMapping {
  const names = header.map(plain);
  const left = new Set(choice.ignored.map(plain));
  const places = new Map<RowField, number>();
  const taken = new Set<number>();
  const take = (field: RowField, wanted: string): boolean => {
    const place = names.findIndex((name, at) => name === plain(wanted) && !taken.has(at) && !left.has(name));
    if (place < 0 || places.has(field)) return false;
    if (names.filter((name) => name === names[place]).length > 1)
      throw headerTwice(header, names.lastIndexOf(names[place] ?? ''), line);
    places.set(field, place);
    taken.add(place);
    return true;
  };
  for (const [field, wanted] of Object.entries(choice.columns) as [RowField, string][]) {
    if (!take(field, wanted)) throw noSuchColumn(wanted, header, line);
  }
  const open = rowFields.filter((field) => choice.constants[field] === undefined);
  for (const field of open) take(field, field);
  for (const field of open) knownHeaders[field].some((known) => take(field, known));
  const missing = REQUIRED.filter((field) => !places.has(field) && choice.constants[field] === undefined);
  if (missing.length > 0) throw lacks(missing, header, line);
  return {
    places,
    headers: Object.fromEntries(Array.from(places, ([field, place]) => [field, header[place] ?? field])),
    constants: choice.constants,
    ignored: header.filter((name, place) => name !== '' && !taken.has(place)),
  };
}

const REQUIRED: readonly RowField[] = ['domain', 'item'];

/** A header as it is compared: NFKC, without spaces, invisible characters and letter case. */
function plain(header: string): string {
  return header
    .normalize('NFKC')
    .replace(/[\s\p{Default_Ignorable_Code_Point}]/gu, '')
    .toLowerCase();
}

function noSuchColumn(wanted: string, header: readonly string[], line: number): ContractError {
  return unreadable(line, undefined, `there is no column ${wanted}`, `its columns are ${shown(header)}`);
}

function headerTwice(header: readonly string[], place: number, line: number): ContractError {
  return unreadable(line, place + 1, `column ${header[place] ?? ''} is there twice`, 'leave one of them');
}

function lacks(missing: readonly RowField[], header: readonly string[], line: number): ContractError {
  const [first = 'item'] = missing;
  return unreadable(
    line,
    undefined,
    `no column is known to say ${missing.join(', ')}`,
    `name it: columns=${first}=HEADER (\`--columns\` on the command line), or give every row one value: set=${first}=VALUE (\`--set\`); its columns are ${shown(header)}`,
  );
}

function shown(header: readonly string[]): string {
  return header.filter((name) => name !== '').join(', ');
}
