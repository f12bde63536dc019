// SPDX-License-Identifier: Apache-2.0

export const grant = {
  title: 'Grant',
  states: { 'in-force': 'In force', halted: 'Halted', suspended: 'Suspended', revoked: 'Revoked' },
  acts: { issue: 'Issue', amend: 'Amend', suspend: 'Suspend', resume: 'Resume', revoke: 'Revoke', halt: 'Halted' },
  rules: { 'within-scenario': 'Within its scenario' },
  fields: {},
  choices: {},
  messages: {},
} as const;
