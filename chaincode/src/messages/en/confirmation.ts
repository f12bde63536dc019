// SPDX-License-Identifier: Apache-2.0

export const confirmation = {
  title: 'Confirmation of a catalogue',
  states: { given: 'Given' },
  acts: { confirm: 'Confirm' },
  rules: {},
  fields: {},
  choices: {},
  messages: {},
} as const;
