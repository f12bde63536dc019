// SPDX-License-Identifier: Apache-2.0
import { LineCounter, isMap, isNode, isSeq, parseDocument } from 'yaml';
import { ContractError } from 'yuanliu-chaincode/vocabulary/error';
import { isCreditCode, roleNames, type RoleName } from 'yuanliu-chaincode/vocabulary/vocabulary';
import { readCsv } from 'yuanliu-gateway/imports/csv';
import { roleIn } from '../lang.js';

/** An organisation that is to be admitted, with the users that a gateway signs for. */
export interface NewOrganization {
  readonly line: number;
  readonly name: string;
  readonly code: string;
  readonly msp: string;
  readonly roles: readonly { role: RoleName; region: string; office?: string; remit?: string[] }[];
  /** Posts, not people. */
  readonly users: readonly string[];
}

/** What is wrong with a row. */
export interface RowProblem {
  readonly line: number;
  readonly code: RowProblemCode;
  readonly params: Readonly<Record<string, string>>;
}

export type RowProblemCode =
  | 'unreadable'
  | 'unknown-column'
  | 'missing-column'
  | 'empty'
  | 'bad-code'
  | 'twice'
  | 'unknown-role'
  | 'unknown-office'
  | 'no-founder';

export interface OrganizationsFile {
  readonly organizations: readonly NewOrganization[];
  readonly problems: readonly RowProblem[];
}

/** Columns by their names in Chinese and English; those that may be missing come with what stands for them. */
const COLUMNS = {
  name: ['机构名称', '名称', 'name'],
  code: ['统一社会信用代码', '信用代码', 'code'],
  roles: ['角色', 'roles', 'role'],
  region: ['区划', '区划代码', 'region'],
  users: ['用户', '岗位', 'users', 'user'],
  msp: ['MSP', 'msp'],
  office: ['监管职能', 'office'],
  remit: ['监管领域', 'remit'],
} as const;
type Column = keyof typeof COLUMNS;
const REQUIRED: readonly Column[] = ['name', 'code', 'roles', 'region', 'users'];

/** The MSP of a role's organisations where the file does not say it: those that `yuanliu` networks have. */
const MSP_OF: Readonly<Record<RoleName, string>> = {
  'data-authority': 'AuthorityMSP',
  registrar: 'AuthorityMSP',
  supervisor: 'AuthorityMSP',
  'implementing-agency': 'AgencyMSP',
  operator: 'OperatorMSP',
  developer: 'DeveloperMSP',
  department: 'DepartmentMSP',
  supplier: 'DepartmentMSP',
  platform: 'DepartmentMSP',
};

/** Offices of supervisors, in the words of Art. 6. */
const OFFICES: Readonly<Record<string, string>> = {
  网信: 'cyberspace',
  发改: 'development-reform',
  公安: 'public-security',
  财政: 'finance',
  审计: 'audit',
  市场监管: 'market',
  国资: 'state-assets',
  知识产权: 'ip',
};

/** Reads organisations from CSV (also as spreadsheets write it) or YAML, by the name of the file. */
export async function readOrganizations(file: string, text: string): Promise<OrganizationsFile> {
  try {
    const rows = /\.ya?ml$/i.test(file) ? yamlRows(text) : await csvRows(text);
    return organizationsIn(rows);
  } catch (error) {
    if (error instanceof FileProblem) return { organizations: [], problems: [error.problem] };
    if (!(error instanceof ContractError)) throw error;
    const { message, remedy = '', issues } = error.details;
    const line = Number(/\d+/.exec(issues?.[0]?.path ?? message)?.[0] ?? 1);
    return { organizations: [], problems: [{ line, code: 'unreadable', params: { why: `${message}; ${remedy}` } }] };
  }
}

class FileProblem extends Error {
  constructor(readonly problem: RowProblem) {
    super(problem.code);
  }
}

interface Row {
  readonly line: number;
  readonly cells: Partial<Record<Column, string>>;
}

function columnOf(title: string, line: number): Column {
  const known = (Object.keys(COLUMNS) as Column[]).find((column) =>
    (COLUMNS[column] as readonly string[]).includes(title.trim()),
  );
  if (known) return known;
  const columns = Object.values(COLUMNS).map(([first]) => first);
  throw new FileProblem({ line, code: 'unknown-column', params: { column: title, columns: columns.join('、') } });
}

async function csvRows(text: string): Promise<Row[]> {
  const { header, rows } = await readCsv(text);
  const columns = header.cells.filter((title) => title.trim() !== '').map((title) => columnOf(title, header.line));
  const missing = REQUIRED.filter((column) => !columns.includes(column)).map((column) => COLUMNS[column][0]);
  if (missing.length > 0)
    throw new FileProblem({ line: header.line, code: 'missing-column', params: { columns: missing.join('、') } });
  return rows.map(({ line, cells }) => ({
    line,
    cells: Object.fromEntries(columns.map((column, i) => [column, (cells[i] ?? '').trim()])),
  }));
}

function yamlRows(text: string): Row[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset = 0): number => lines.linePos(offset).line;
  const [broken] = document.errors;
  if (broken) throw new FileProblem({ line: at(broken.pos[0]), code: 'unreadable', params: { why: broken.message } });
  const { contents } = document;
  if (!isSeq(contents)) throw new FileProblem({ line: 1, code: 'empty', params: { column: COLUMNS.name[0] } });
  return contents.items.map((item) => {
    const line = isNode(item) ? at(item.range[0]) : 1;
    if (!isMap(item)) throw new FileProblem({ line, code: 'empty', params: { column: COLUMNS.name[0] } });
    const cells = Object.entries(item.toJSON() as Record<string, unknown>).map(([title, value]) => [
      columnOf(title, line),
      [value].flat().map(String).join('、'),
    ]);
    return { line, cells: Object.fromEntries(cells) as Row['cells'] };
  });
}

function organizationsIn(rows: readonly Row[]): OrganizationsFile {
  const problems: RowProblem[] = [];
  const organizations: NewOrganization[] = [];
  for (const row of rows) {
    const found = problemsOf(row, organizations);
    problems.push(...found);
    if (found.length === 0) organizations.push(organizationOf(row));
  }
  const isFounded = organizations.some(({ roles }) => roles.some(({ role }) => role === 'data-authority'));
  if (problems.length === 0 && !isFounded) problems.push({ line: 1, code: 'no-founder', params: {} });
  return { organizations, problems };
}

function problemsOf({ line, cells }: Row, before: readonly NewOrganization[]): RowProblem[] {
  const problem = (code: RowProblemCode, params: RowProblem['params']): RowProblem => ({ line, code, params });
  const empty = REQUIRED.filter((column) => (cells[column] ?? '') === '');
  if (empty.length > 0) return empty.map((column) => problem('empty', { column: COLUMNS[column][0] }));
  const code = cells.code ?? '';
  const { office } = cells;
  return [
    ...(isCreditCode(code) ? [] : [problem('bad-code', { code })]),
    ...(before.some((one) => one.code === code) ? [problem('twice', { code })] : []),
    ...split(cells.roles)
      .filter((word) => roleCalled(word) === undefined)
      .map((word) => problem('unknown-role', { role: word, roles: roleNames.map(inChinese).join('、') })),
    ...(office && officeCalled(office) === undefined
      ? [problem('unknown-office', { office, offices: Object.keys(OFFICES).join('、') })]
      : []),
  ];
}

function organizationOf({ line, cells }: Row): NewOrganization {
  const { name = '', code = '', region = '', msp = '', office = '' } = cells;
  const remit = split(cells.remit);
  const names = split(cells.roles).flatMap((word) => roleCalled(word) ?? []);
  const ofSupervisor = { office: officeCalled(office), remit: remit.length > 0 ? remit : undefined };
  const roles = names.map((role) => ({
    role,
    region,
    ...(role === 'supervisor' && ofSupervisor.office !== undefined ? { office: ofSupervisor.office } : {}),
    ...(role === 'supervisor' && ofSupervisor.remit ? { remit: ofSupervisor.remit } : {}),
  }));
  const [first] = names;
  return { line, name, code, msp: msp || (first ? MSP_OF[first] : ''), roles, users: split(cells.users) };
}

const inChinese = (role: RoleName): string => roleIn('zh-CN', role);

function roleCalled(word: string): RoleName | undefined {
  return roleNames.find((role) => role === word || inChinese(role) === word);
}

function officeCalled(word: string): string | undefined {
  return OFFICES[word] ?? (Object.values(OFFICES).includes(word) ? word : undefined);
}

function split(cell = ''): string[] {
  return cell
    .split(/[、，,;；/]/)
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
