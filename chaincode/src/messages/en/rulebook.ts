// SPDX-License-Identifier: Apache-2.0

export const rulebook = {
  title: 'Rulebook',
  states: { 'in-force': 'In force' },
  acts: { adopt: 'Adopt', amend: 'Amend' },
  rules: {},
  fields: {
    title: 'Title',
    source: 'Source document',
    parts: 'Required parts',
    domains: 'Domains',
    purposes: 'Purposes',
    notApplicable: 'Rules not applicable',
  },
  choices: {},
  messages: {
    'rulebook-id': ['a channel has one rulebook, rulebook/{id}', 'use that id'],
    'rulebook-no-calendar': [
      'a period in working days needs the `calendar` of its years',
      'add the holidays of these years',
    ],
    'rule-missing': ['rule {rule} is missing', 'add it, with its article and requirement'],
    'rule-unknown': ['rule {rule} is not known to this contract', 'leave it out'],
    'rule-not-recordable': ['rule {rule} cannot be given a due date: it refuses or records', 'leave out `dueWithin`'],
    'rule-always-applies': [
      'rule {rule} always applies: no jurisdiction does without it',
      'leave out what switches it off',
    ],
    'rulebook-unfit': [
      'the rulebook does not fit this contract',
      'speak of every rule the contract knows, and of no other',
    ],
  },
} as const;
