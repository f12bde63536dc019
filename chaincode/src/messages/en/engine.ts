// SPDX-License-Identifier: Apache-2.0

/** What the engine itself says: of inputs, records, callers, and of what earlier programs stored as text. */
export const engine = {
  'stored-text': ['{message}', '{remedy}'],
  refused: ['{act:act} {ref:ref} is refused: {why:message}', '{why:remedy}'],
  'calendar-ends': [
    'working days can be counted until {until}: the rulebook has no holidays of {next}, and periods in working days that run into {next} have no end',
    'rulebook:amend with {next} in `calendar`, as soon as the State Council has published its holidays',
  ],
  'no-calendar': [
    'the rulebook has no holidays of {year}, so its working days are not known',
    "let the data-authority amend the rulebook's calendar with {year}",
  ],
  'before-go-live': [
    'at {at:time} the ledger was not live (from {goLive:time} on): documents say what was in force',
    'look at the documents that the report names',
  ],
  'more-breaches': ['… and {count} more like it', 'mend those named, and try again'],
  'batch-full': [
    'the acts of this batch would write more than {bytes} bytes with this one',
    'send the acts from this one on in another batch',
  ],
  'batch-too-long': ['the batch is longer than {bytes} bytes', 'send the acts in several batches'],
  'batch-unfit': [
    'the batch is not well-formed',
    'send a JSON object with `acts`, a list of `act`, `id` and `input`: at most {acts} acts and {bytes} bytes',
  ],
  'no-such-act': ['there is no act {act}', 'name an act as kind:act, such as resource:anchor'],
} as const;
