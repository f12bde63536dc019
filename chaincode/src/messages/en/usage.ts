// SPDX-License-Identifier: Apache-2.0

export const usage = {
  title: 'Usage',
  states: { permitted: 'Permitted', recorded: 'Recorded' },
  acts: {
    request: 'Request',
    record: 'Record',
    anchor: 'Anchor a batch',
    correct: 'Correct the count',
    meter: 'Meter',
  },
  rules: {
    'within-quota': 'Within the quota',
    'batch-throughout': 'Batch under authority throughout',
    'inside-permit': 'As permitted',
    'batch-continues': 'Batches continue their log',
    'correction-takes-back': 'A correction takes back',
  },
  fields: {
    action: 'Action',
    since: 'First use of the batch',
    subject: 'What is used',
    metering: 'Metering',
    reports: 'Reports',
    unmetered: 'Not yet metered',
    inside: 'Within the chain',
  },
  choices: { metering: { later: 'Later' } },
  messages: {
    'corrects-upward': [
      'the report counts {before} uses, and would count {asked}',
      'give the smaller number; a use left out is reported: usage:record',
    ],
    'corrects-own': ['{organization} reported it itself', 'leave it as it is'],
    'used-before-permit': [
      'used at {at:time}, before it was permitted at {since:time}',
      'report it as a use of its own',
    ],
    'more-than-permitted': ['{quantity} uses, {permitted} permitted', 'ask for a permit for what is done'],
    'not-as-permitted': ['not as permitted: {fields:field[]}', 'ask for a permit for what is done'],
    'log-gap': ['log {log} goes on at {expected}, not at {first}', 'anchor what is missing'],
    'log-root': ['the batch before has root {root}', 'name the root before it'],
    'log-first': ['it is the first batch of its log', 'leave out `previous`'],
    'batch-inverted': ['it would begin at {since:time}, after its end', 'give the time of its first use'],
    'batch-broken': ['at {at:time}, within the batch, {why:message}', 'end a batch where its authority ends'],
  },
} as const;
