// SPDX-License-Identifier: Apache-2.0

export const catalogue = {
  title: 'Catalogue of authorized public data',
  states: { compiled: 'Compiled', published: 'Published', merged: 'Merged' },
  acts: {
    compile: 'Compile',
    revise: 'Revise',
    confirm: 'Confirm',
    publish: 'Publish',
    revised: 'Revised',
    'scope-changed': 'Scope changed',
    open: 'Open',
    sectioned: 'Section published',
  },
  rules: {
    'entries-graded': 'Entries are graded',
    'revises-current': 'Revises the current catalogue',
    'catalogue-confirmed': 'Confirmed by each department',
    'section-of-catalogue': 'Section of its catalogue',
    'entered-once': 'Entered in one section',
  },
  fields: {
    title: 'Name of the catalogue',
    of: 'Catalogue it revises',
    partOf: 'Catalogue it is a section of',
    sections: 'Sections',
    section: 'Section',
    resources: 'Resources',
  },
  choices: {},
  messages: {
    'entries-not-graded': [
      'not graded, withdrawn, or of another region: {ids:text[]}',
      'catalogue and grade them first',
    ],
    'no-such-catalogue': ['{catalogue:ref} is no published catalogue of {agency}', 'open it first: catalogue:open'],
    'section-outside-region': [
      '{region} is outside the region of {catalogue:ref}',
      'compile it into a catalogue of its own region',
    ],
    'entered-elsewhere': [
      'entered in another section of {catalogue:ref} already: {ids:text[]}',
      'leave them out, or drop them there first',
    ],
    'section-rules-missing': [
      'the rulebook in force lacks {rules:rule[]}, which sections are held to',
      'have the data-authority add these rules: rulebook:amend',
    ],
    'has-sections': ['{of:ref} has sections, which entries are added to', 'revise the section: catalogue:revise'],
    'too-many-entries': [
      'it would have {count} entries, more than {most}',
      'compile the new ones into a further section of the catalogue (partOf)',
    ],
    'not-own-catalogue': ['{of:ref} is no published catalogue of {agency}', 'revise a published catalogue of your own'],
    'catalogue-moved-on': ['{of:ref} is at version {version} now', 'draft the revision on the current version'],
    'not-listed': ['not in {of:ref}: {ids:text[]}', 'drop what it has'],
    'not-confirmed': ['not confirmed by {missing:text[]}', 'let each provider confirm'],
    'section-full': ['are more than {most}: compile the others into further sections of the catalogue (partOf)'],
    'catalogue-empty': ['a catalogue has entries'],
    'revision-empty': ['a revision adds or drops something'],
  },
} as const;
