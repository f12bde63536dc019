// SPDX-License-Identifier: Apache-2.0
import type * as fabricNetwork from 'fabric-network';
import type { Wallet, WalletStore } from 'fabric-network';
import type { IdentityStore } from './store.js';

/**
 * The identity store as a fabric-network `Wallet`. Loads that archived package (0.6 s), so only where it is asked for.
 */
export function openWallet(store: IdentityStore): Wallet {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded late
  const { Wallet } = require('fabric-network') as typeof fabricNetwork;
  return new Wallet(walletStore(store));
}

function walletStore(store: IdentityStore): WalletStore {
  return {
    get: async (label) => {
      const text = await store.getText(label);
      return text === undefined ? undefined : Buffer.from(text);
    },
    list: () => store.labels(),
    put: (label, data) => store.putText(new Map([[label, data.toString()]])),
    remove: (label) => store.remove(label),
  };
}
