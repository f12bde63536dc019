// SPDX-License-Identifier: Apache-2.0
import type { Member } from 'yuanliu-demo/cast';
import type { Step } from 'yuanliu-demo/story';
import { ids, madeUpDigest } from '../builders';

/** Acts of one member on one record, one after the other. */
export function acts(
  by: Member,
  kind: string,
  id: string,
  ...done: readonly (readonly [act: string, input?: object])[]
): Step[] {
  return done.map(([act, input = {}]) => ({ by, act: `${kind}:${act}`, id, input }));
}

export const paper = { title: '文书(演示)', digest: madeUpDigest('文书') };
export const reason = { reason: '演示' };
export const pass = { result: 'pass', opinion: '通过' };
export const general = { grade: { class: 'general', level: 2 } };
export const long = { from: '2026-01-01T00:00:00Z', to: '2029-01-01T00:00:00Z' };
export const terms = { catalogue: ids.catalogue, ...long };
