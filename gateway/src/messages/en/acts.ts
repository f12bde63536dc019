// SPDX-License-Identifier: Apache-2.0

/** What the gateway says of acts before and after the contract judges them. */
export const acts = {
  'not-a-member': [
    '{msp} is no member of the channel; its members are {members:text[]}',
    'correct the name, or have that MSP taken into the channel first (`npm run network -- add-org`)',
  ],
  'two-keys': [
    'the request gives two idempotency keys that differ',
    'send the header Idempotency-Key or the field idempotencyKey, not both',
  ],
  'hidden-or-missing': [
    '{ref:ref} does not exist, or is not yours to read',
    'check the reference; of what you may not read nothing is told, in a dry run neither',
  ],
  'other-gateway': [
    '{organization} is admitted under {msp}, which this gateway does not sign for',
    'act at the gateway of {msp}',
  ],
  'no-certificate-now': [
    'your certificate cannot be had now; nothing was done',
    'try again shortly; if it lasts, tell the administrator of this gateway',
  ],
  'act-not-json': ['the body is not JSON', 'send one JSON object, in UTF-8'],
} as const;
