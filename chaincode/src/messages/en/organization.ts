// SPDX-License-Identifier: Apache-2.0

export const organization = {
  title: 'Organisation',
  states: { admitted: 'Admitted', suspended: 'Suspended' },
  acts: {
    admit: 'Admit',
    qualify: 'Qualify',
    'declare-control': 'Declare control',
    'end-control': 'End control',
    'contest-control': 'Contest control',
    'determine-control': 'Determine control',
    suspend: 'Suspend',
    reinstate: 'Reinstate',
  },
  rules: {
    'developer-qualified': 'Developer is qualified',
    'control-determined': 'Control is determined by an office',
    'suspended-by-its-agency': 'Suspended by its agency',
  },
  fields: {
    basis: 'Basis',
    since: 'Since',
    share: 'Share',
    under: 'Agreement or scenario it acts under',
    state: 'State ownership',
    result: 'Result',
  },
  choices: {
    basis: { equity: 'Equity', personnel: 'Personnel', contract: 'Contract' },
    result: { stands: 'Stands', struck: 'Struck' },
  },
  messages: {
    'not-a-code': [
      '{id} is not a unified social credit code',
      'check it against the certificate of registration: the last character is a check on the others',
    ],
    'founder-admits-itself': [
      'the founding organisation admits itself as data-authority, under its own MSP',
      'admit it with the role data-authority and the MSP of its certificate',
    ],
    'developer-not-qualified': [
      '{organization} is not qualified as a developer',
      'ask the implementing agency to qualify it',
    ],
    'suspends-itself': [
      'an organisation does not suspend itself: it could not reinstate itself',
      'let another data-authority suspend it',
    ],
    'not-its-agency': [
      '{organization} has no agreement with {agency} and has not acted on a qualification by it',
      'ask the data-authority; or name in `under` their agreement or scenario, if it is from before marks of it were kept',
    ],
    'controls-itself': ['an organisation does not control itself', 'declare what is and was, once, with its dates'],
    'control-declared': [
      'control of {below} by {controller} is declared already',
      'declare what is and was, once, with its dates',
    ],
    'control-not-declared': [
      'no control of {below} by {controller} is declared',
      'declare what is and was, once, with its dates',
    ],
    'control-not-ended': [
      'no control of {below} by {controller} that ended at {until:time} is declared',
      'declare what is and was, once, with its dates',
    ],
    'control-determined-already': [
      'an office determined the control of {below} by {controller}: that office says when it ended',
      'ask that office',
    ],
    'control-not-contestable': [
      "control of {below} by {controller} is not another's open claim, or is contested already",
      'contest what the other party declared, once',
    ],
    'control-end-unfit': [
      'it did not end at {until:time}',
      'give the end of a control that stands, after its beginning',
    ],
    'date-ahead': ['{at:time} is ahead of ledger time {now:time}', 'declare what is and was, once, with its dates'],
    'not-market-office': [
      '{organization} is not the office of market supervision',
      'leave it to the data-authority or to the supervisor whose office is `market`',
    ],
    'party-of-control': ['{organization} is a party of it', 'let another office determine it'],
    'names-one-party': ['names `controller`, who controls it, or `over`, whom it controls'],
    'not-a-share': ['is not a share such as 0.51'],
    'not-an-msp': ['is not the id of an MSP such as DepartmentMSP'],
  },
} as const;
