// SPDX-License-Identifier: Apache-2.0

export const resource = {
  title: 'Public data resource',
  states: { anchored: 'Anchored', catalogued: 'Catalogued', graded: 'Graded', withdrawn: 'Withdrawn' },
  acts: {
    anchor: 'Anchor',
    catalogue: 'Catalogue',
    grade: 'Grade',
    revise: 'Revise',
    'change-sharing': 'Change sharing',
    regrade: 'Regrade',
    withdraw: 'Withdraw',
  },
  rules: { 'grade-not-below-items': 'Grade not below its items', 'lowered-by-decision': 'Lowered by decision only' },
  fields: {
    title: 'Name of the resource',
    type: 'Type',
    code: 'Resource code',
    basis: 'Basis',
    name: 'Name of the item',
    document: 'Decision',
    approver: 'Approver',
  },
  choices: {
    type: { unconditional: 'Unconditional', conditional: 'Conditional', withheld: 'Withheld', barred: 'Barred by law' },
  },
  messages: {
    'id-of-another': [
      '{ref:ref} names another organisation, {other}',
      'choose an id without it, or with your own code: {own}',
    ],
    'below-its-items': ['graded below its highest item', 'grade it at least as high as its highest item'],
    'provider-suspended': ['{organization} is suspended', 'wait for reinstatement'],
    lowers: ['lowers {what:text[]}', 'decide it with its basis and approver: resource:regrade'],
    'names-another-department': [
      'names another department than {chosen} while it is barred',
      'have the department that it names lift the bar first',
    ],
    'lifts-a-bar': ['lifts a bar in law', 'decide it with its `document` and `approver`'],
    'lifts-a-bar-as': [
      'a bar in law is lifted by a department, not in the role {role:role}',
      'leave it to the department that designated it: `designatedBy`',
    ],
  },
} as const;
