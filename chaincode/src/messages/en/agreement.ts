// SPDX-License-Identifier: Apache-2.0

export const agreement = {
  title: 'Operation agreement',
  states: {
    proposed: 'Proposed',
    signed: 'Signed',
    halted: 'Halted',
    suspended: 'Suspended',
    revoked: 'Revoked',
    terminated: 'Terminated',
    exited: 'Exited',
  },
  acts: {
    propose: 'Propose',
    sign: 'Sign',
    file: 'File',
    amend: 'Propose an amendment',
    'sign-amendment': 'Sign the amendment',
    suspend: 'Suspend',
    resume: 'Resume',
    revoke: 'Revoke',
    terminate: 'Terminate',
    exit: 'Exit',
    halt: 'Halted',
  },
  rules: {
    'same-text-signed': 'Same text signed',
    'amendment-agreed': 'Amendment agreed',
    'agreement-filed': 'Agreement is filed',
    'exit-held': 'Nothing held after the exit',
  },
  fields: { changes: 'Changes', held: 'Still held' },
  choices: {},
  messages: {
    'other-text-signed': [
      'the other party has signed {digest}',
      'sign that text, or let the other party sign yours first',
    ],
    'no-amendment': ['no amendment is proposed', 'propose it: agreement:amend'],
    'proposer-signed': ['its proposer has signed it', 'let the other party sign'],
    'other-amendment': ['the text proposed is {digest}', 'sign the text that was proposed, or propose yours'],
    'to-be-filed': ['{agreement:ref} was to be filed by {until:time}', 'file it: agreement:file'],
    'still-held': ['{count} are still held: {subjects:ref[]}', 'return or destroy them, and report that'],
    'amendment-empty': ['an amendment changes something'],
    'handover-too-long': ['is longer than {most} characters of JSON: report the rest in another agreement:exit'],
  },
} as const;
