// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';
import { breachIf } from '../../kind/rule.js';
import { agreement } from './agreement.js';
import { handoverInput, lastHandovers } from './body.js';

const ENDED: readonly (string | undefined)[] = ['revoked', 'terminated', 'exited'];

/**
 * What is still held after the end, by an act or of the term, is held under a wind-down that has not run out. A suspension
 * is no end.
 */
export const heldUnderWindDown = agreement.rule<z.infer<typeof handoverInput>>(
  'exit-held',
  async ({ id, body, input, record, moment, current, occurredAt }) => {
    const state = record && moment(record)?.state;
    const { terms } = (await current(agreement, id))?.body ?? body;
    const kept = state === undefined ? undefined : agreement.windDown?.(body, state);
    const goesOn = kept !== undefined && occurredAt < kept.until;
    const isOver = ENDED.includes(state) || occurredAt >= terms.to;
    const held = goesOn || !isOver ? [] : input.held;
    const subjects = held.map(({ subject }) => subject);
    return breachIf(held.length > 0, 'still-held', { count: held.length, subjects });
  },
);

/** 退出 — the operator states what it returned, destroyed and still holds; over, once nothing is held after the end. */
export const exit = agreement.act('exit', {
  title: '退出',
  waits: ({ terms }, { state, now }) =>
    state !== 'exited' && (ENDED.includes(state) || now === undefined || now >= terms.to),
  report: true,
  by: { operator: (body) => body.operator },
  from: ['signed', 'halted', 'suspended', 'revoked', 'terminated', 'exited'],
  input: handoverInput,
  rules: [heldUnderWindDown],
  effect: ({ body, input, record, moment, occurredAt }) => {
    const isOver = ENDED.includes(record && moment(record)?.state) || occurredAt >= body.terms.to; // as it was then
    const handovers = lastHandovers([...(body.handovers ?? []), { ...input, at: occurredAt }]);
    return { body: { ...body, handovers }, ...(isOver && input.held.length === 0 ? { to: 'exited' } : {}) };
  },
});
