// SPDX-License-Identifier: Apache-2.0

/** The id of a finding that a transaction opens by itself. */
export function findingId({ txId, seq }: { readonly txId: string; readonly seq?: number | undefined }): string {
  return `F-${txId.slice(0, 24)}${seq === undefined ? '' : `-${seq}`}`;
}
