// SPDX-License-Identifier: Apache-2.0
import { kinds } from 'yuanliu-chaincode/kinds';
import type { Act } from 'yuanliu-chaincode/kind/act';
import type { RulebookBody } from 'yuanliu-chaincode/rulebook/rulebook';
import type { RoleName } from 'yuanliu-chaincode/vocabulary/vocabulary';

/** One thing that two rulebooks say differently, and for whom that changes something. */
export interface Difference {
  /** `rules.registered.dueWithin` */
  readonly path: string;
  /** Absent where only the other has it. */
  readonly before?: string;
  readonly after?: string;
  /** The acts that are judged or timed by it: `kind:act`. Empty where it is about none in particular. */
  readonly acts: readonly string[];
  readonly roles: readonly RoleName[];
}

/** What changes from one rulebook to another. */
export function differences(before: RulebookBody, after: RulebookBody): Difference[] {
  const [was, is] = [flat(before), flat(after)];
  const paths = [...new Set([...was.keys(), ...is.keys()])].filter((path) => !path.startsWith('source'));
  return paths.flatMap((path) => {
    const [old, now] = [was.get(path), is.get(path)];
    if (old === now) return [];
    const acts = actsBy(path);
    return [
      {
        path,
        ...(old === undefined ? {} : { before: old }),
        ...(now === undefined ? {} : { after: now }),
        acts: acts.map(({ kind, name }) => `${kind.name}:${name}`),
        roles: [...new Set(acts.flatMap(({ by }) => Object.keys(by) as RoleName[]))],
      },
    ];
  });
}

/** Every value by its path; a list is one value. */
function flat(value: unknown, path = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null) return new Map([[path, String(value)]]);
  if (Array.isArray(value))
    return new Map([[path, value.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(' ')]]);
  const found = Object.entries(value).flatMap(([key, inner]) => [...flat(inner, path === '' ? key : `${path}.${key}`)]);
  return new Map(found);
}

function actsBy(path: string): readonly Act[] {
  const [section, name = ''] = path.split('.');
  const all = kinds.flatMap(({ acts }) => [...acts.values()]);
  if (section === 'rules') return all.filter(({ rules }) => rules.some(({ id }) => id === name));
  if (section === 'periods' || section === 'limits') return all.filter(({ due }) => due?.period === name);
  if (section === 'parts')
    return all.filter(({ kind, rules }) => kind.name === name && rules.some(({ id }) => id === 'required-parts'));
  return [];
}
