// SPDX-License-Identifier: Apache-2.0

export const finding = {
  title: 'Finding',
  states: {
    open: 'Open',
    alerted: 'Alert',
    incident: 'Incident',
    served: 'Served',
    ordered: 'Rectification ordered',
    rectified: 'Rectified',
    verified: 'Verified',
    appealed: 'Appealed',
    closed: 'Closed',
  },
  acts: {
    raise: 'Raise',
    serve: 'Serve',
    'order-rectification': 'Order rectification',
    rectified: 'Report rectification',
    verify: 'Verify',
    appeal: 'Appeal',
    'decide-appeal': 'Decide the appeal',
    close: 'Close',
    alert: 'Alert',
    incident: 'Report an incident',
    open: 'Opened',
    clue: 'Clue',
  },
  rules: {
    'finding-handled-by-another': 'Handled by another',
    'rectified-in-time': 'Rectified in time',
    'appeal-ruled-by-another': 'Appeal ruled by another',
    'emergency-measure': 'Emergency measure',
  },
  fields: { summary: 'Summary', result: 'Result', from: 'From state', rules: 'Rules broken', outcome: 'Outcome' },
  choices: {
    result: { pass: 'Pass', fail: 'Fail', upheld: 'Upheld', dismissed: 'Dismissed' },
    from: { served: 'Served', ordered: 'Rectification ordered' },
  },
  messages: {
    'is-concerned': ['{organization} is the one concerned', 'let another that oversees it act'],
    'is-reporter': ['{organization} reported it', 'let another that oversees it act'],
    'rectified-late': ['it was to be rectified by {due:time}', 'say why it comes late'],
    'rectified-before-order': [
      'it would have been rectified before it was ordered, at {at:time}',
      'say what was done since',
    ],
    'ruled-by-itself': ['{organization} raised it or ordered it', 'let another that oversees it decide'],
    'not-to-halt': [
      "{link:ref} is not in force, or not {organization}'s to halt",
      'ask its agency, or who oversees it',
    ],
    'halted-before': [
      '{organization} has halted it for {incident:ref}, which is not ruled on',
      'let who oversees it rule on that first, or take the measure: finding:close',
    ],
    'halt-too-long': [
      'it would last until {until:time}; from {since:time} on it may, unconfirmed, until {latest:time}',
      'have the agency confirm it, suspending the link, or lift it: after that another may be taken',
    ],
    'halt-over': ['it would last until {until:time}, which is over', 'give an end that is ahead'],
    'not-any-ref': ['is not a reference like usage/ID'],
  },
} as const;
