// SPDX-License-Identifier: Apache-2.0
import type { EmbeddedLedger } from 'yuanliu-gateway/ledger/embedded/ledger';
import { cast } from 'yuanliu-demo/cast';
import { perform } from 'yuanliu-demo/perform';
import { ids, madeUpDigest, outOfDomain, PURPOSE, type Step } from 'yuanliu-demo/story';

/** Products that each come from all before them: a hundred thousand edges, the most that one walk goes. */
const PRODUCTS = 450;

/** The last of the tangle: of all products the one whose origins take longest to tell. */
export const TANGLED = `P-tangled-${PRODUCTS - 1}`;

/** Adds few records and many edges to a ledger on which the short story was told. */
export async function addTangle(ledger: EmbeddedLedger): Promise<void> {
  const inputs = ['resource/R-1@1'];
  for (let n = 0; n < PRODUCTS; n++) {
    const id = `P-tangled-${n}`;
    const release = { by: cast.operator, act: 'product:release', id, input: { channel: '授权运营平台' } };
    for (const step of [developed(id, inputs), ...outOfDomain(cast.operator, id), release]) await perform(ledger, step);
    inputs.push(`product/${id}@1`);
  }
}

function developed(id: string, inputs: readonly string[]): Step {
  const input = {
    title: id,
    authority: `agreement/${ids.agreement}`,
    inputs,
    process: madeUpDigest(`${id} 加工`),
    digest: madeUpDigest(id),
    form: 'dataset',
    purpose: PURPOSE,
    environment: '授权运营域开发环境(演示)',
  };
  return { by: cast.operator, act: 'product:develop', id, input };
}
