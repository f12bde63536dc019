// SPDX-License-Identifier: Apache-2.0

/** What the index says of what it is asked for. */
export const index = {
  'index-unavailable': ['the index does not answer now', 'try again shortly'],
  'reference-unknown': ['{ref} does not exist, or you may not see it', 'check the reference'],
  'nothing-indexed': ['nothing is indexed yet', 'try again in a moment'],
  'not-indexed': ['block {block} is not indexed; the last one is {last}', 'try again shortly'],
  'not-indexed-in-time': ['block {block} is not indexed after {ms} ms', 'try again shortly'],
  'not-a-digest-here': [
    'a digest is sha256: or sm3: and 64 hexadecimal digits in lower case',
    'mend the parameters named in issues',
  ],
  'no-kind': ['there is no kind {kind}; there are: {kinds}', 'mend the parameters named in issues'],
  'changed-too-much': [
    'more than {most} {kinds} have changed since block {block}: sort by id, or begin again without asOf and cursor',
    'mend the parameters named in issues',
  ],
  'no-state': ['{kind:kind} has no state {state}; it has: {states}', 'mend the parameters named in issues'],
  'no-filter': ['{kind:kind} has no filter {name}; it has: {filters}', 'mend the parameters named in issues'],
  'not-of-type': ['{name} is a {type}, not {value}', 'mend the parameters named in issues'],
  'not-our-cursor': [
    'this is no cursor of this request: take it unchanged from the page before, change nothing else, or begin again',
    'mend the parameters named in issues',
  ],
  'not-a-reference': [
    'a reference is kind/ID or kind/ID@version, like product/P-1@2',
    'mend the parameters named in issues',
  ],
  'limit-out-of-range': ['limit is a number from 1 to {most}', 'mend the parameters named in issues'],
  'as-of-unfit': [
    'asOf is a block number or an RFC 3339 time: 2026-01-31T08:00:00Z',
    'mend the parameters named in issues',
  ],
  'as-of-before': ['the ledger begins after {at:time}', 'mend the parameters named in issues'],
  'as-of-number': ['asOf is a block number from 0 on', 'mend the parameters named in issues'],
  'depth-out-of-range': ['depth is a number from 1 on', 'mend the parameters named in issues'],
  'not-a-trace-cursor': ['this is no cursor of a trace', 'mend the parameters named in issues'],
} as const;
