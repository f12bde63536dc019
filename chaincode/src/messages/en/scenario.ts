// SPDX-License-Identifier: Apache-2.0

export const scenario = {
  title: 'Application scenario',
  states: {
    applied: 'Applied for',
    returned: 'Returned',
    declined: 'Declined',
    forwarded: 'Forwarded',
    approved: 'Approved',
    rejected: 'Rejected',
  },
  acts: {
    apply: 'Apply',
    forward: 'Forward',
    return: 'Return',
    decline: 'Decline',
    complain: 'Complain',
    reapply: 'Reapply',
    consult: 'Consult',
    opine: 'Give an opinion',
    assess: 'Assess',
  },
  rules: {},
  fields: {
    title: 'Name of the scenario',
    result: 'Result',
    grant: 'Grant',
    id: 'Id of the grant',
    act: 'Act',
    opinion: 'Opinion',
  },
  choices: { result: { approve: 'Approve', reject: 'Reject' }, act: { return: 'Returned', decline: 'Declined' } },
  messages: {},
} as const;
