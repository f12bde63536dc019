// SPDX-License-Identifier: Apache-2.0

export const plan = {
  title: 'Implementation plan',
  states: { drafted: 'Drafted', approved: 'Approved', superseded: 'Superseded' },
  acts: { draft: 'Draft', guide: 'Guide', approve: 'Approve', supersede: 'Supersede' },
  rules: {
    'district-consent': "Consent to a district's plan",
    'approved-as-laid': 'Approved as laid before',
    'catalogue-own': 'Own catalogue',
    'superseded-by-approved': 'Superseded by an approved plan',
    'plan-current': 'Under the current plan',
  },
  fields: { title: 'Name of the plan', version: 'Version approved', by: 'New plan' },
  choices: {},
  messages: {
    'district-without-consent': [
      "a district ({region}) needs the consent of the city's leading group",
      'record the consent as `leadingGroup`',
    ],
    'plan-moved-on': [
      '{ref:ref} is at version {version} now, not {asked}',
      'read what was drawn up since, and have it approved',
    ],
    'not-a-catalogue-of': [
      '{catalogue} is no catalogue of {agency}',
      'have the agency compile it, or draw up the plan on one that it has',
    ],
    'catalogue-is-section': ['{catalogue} is a section of a catalogue', 'name the whole: {whole}'],
    'no-other-plan': [
      '{by:ref} is no other approved plan of this agency and region',
      'have the new plan approved first',
    ],
    'goes-on-too-long': [
      'what goes on would end {until:time}, not between now and {to:time}',
      'end it within the term of this plan',
    ],
    'plan-of-another': ["{plan:ref} is another agency's, or region's", 'agree under your own plan'],
    'plan-superseded': ['{plan:ref} is superseded by {by:ref}', 'agree under the plan that took its place'],
  },
} as const;
