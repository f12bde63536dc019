// SPDX-License-Identifier: Apache-2.0
import { kinds } from 'yuanliu-chaincode/kinds';
import type { Act } from 'yuanliu-chaincode/kind/act';

/** An act of the contract as a planted fault would have it. */
export interface Fault {
  /** `kind:act` */
  readonly act: string;
  /** Rules that it forgets. */
  readonly forgets?: readonly string[];
  /** Anything else about it. */
  readonly change?: (act: Act) => Partial<Act>;
}

/** Runs on a contract with a fault planted on purpose, to see that a search finds it. The contract is as before afterwards. */
export async function withFault<T>({ act: name, forgets = [], change }: Fault, run: () => Promise<T>): Promise<T> {
  const [kind = '', own = ''] = name.split(':');
  const act = kinds.find((one) => one.name === kind)?.acts.get(own);
  if (!act) throw new Error(`there is no act ${name}`);
  const before = { ...act };
  const missing = forgets.filter((rule) => !act.rules.some(({ id }) => id === rule));
  if (missing.length > 0) throw new Error(`${name} has no rule ${missing.join(', ')}`);
  Object.assign(act, { rules: act.rules.filter(({ id }) => !forgets.includes(id)) }, change?.(act));
  try {
    return await run();
  } finally {
    Object.assign(act, before);
  }
}
