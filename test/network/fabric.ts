// SPDX-License-Identifier: Apache-2.0
import { missingToolchain } from 'yuanliu-network/toolchain/toolchain';

/** Why tests against a real Fabric network are left out here; undefined if they run. */
export function whyNotFabric(): string | undefined {
  if (process.env['FABRIC_TESTS'] !== '1') return 'they take a minute and more: FABRIC_TESTS=1 npx jest test/network';
  return missingToolchain();
}

/** Describes guarantees that need a real network, or says in the report that they were skipped and how to run them. */
export function describeFabric(name: string, body: () => void): void {
  const reason = whyNotFabric();
  if (reason === undefined) describe(name, body);
  else test.skip(`${name} — SKIPPED: ${reason}`, () => undefined);
}
