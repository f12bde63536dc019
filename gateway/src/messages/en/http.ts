// SPDX-License-Identifier: Apache-2.0

/** What the gateway says of requests: their paths, parameters, bodies, and how many there are. */
export const http = {
  'no-route': ['there is no {method} {path}', 'all routes: /openapi.json'],
  'no-route-of-kind': ['there is no {method} {path}', 'records: {kinds}; all routes: /openapi.json'],
  'no-route-of-act': [
    'there is no {method} {path}',
    'acts on {plural}: {acts}; reads: history, origins, destinations, impact, accountability',
  ],
  'no-admin-route': [
    'there is no {method} {path}',
    'there are /livez, /readyz, /metrics, and what /openapi.json describes',
  ],
  'method-not-open': ['{method} is not open on {path}', 'use {allowed}'],
  'parameter-unfit': ['query parameter {path} {why:message}', 'parameters here: {known}'],
  'takes-no-parameters': ['query parameter {path} {why:message}', 'leave it out: no parameters are taken here'],
  'field-unfit-here': ['{path} {why:message}', 'mend the fields named in issues'],
  'json-needed': ['the body is not JSON', 'send a JSON object'],
  'key-unfit': ['the header Idempotency-Key {why:message}', 'make a new key for each new request, such as a UUID'],
  'is-missing': ['is missing'],
  'given-twice': ['is given more than once'],
  'none-of': ['is none of {choices}'],
  'is-empty': ['is empty'],
  'longer-than': ['is longer than {most} characters'],
  'not-known-here': ['is not known here'],
  'of-now': ['is not taken here: this is told as it is now, not as of a block or time'],
  'not-whole': ['is not a whole number from {least}'],
  'not-whole-between': ['is not a whole number from {least} to {most}'],
  'not-block-or-time': ['is neither a block number nor an RFC 3339 time'],
  'not-rfc3339': ['is not an RFC 3339 time such as 2026-01-31T08:00:00Z'],
  'lost-plus': ['has a space where a + was: in a URL + is written %2B, so send {sent}'],
  'not-event-or-block': ['is neither an event id nor a block number'],
  'not-an-act-name': ['is not the name of an act'],
  'not-a-plain-ref': ['is not a reference like product/ID'],
  'not-a-block-number': ['is not a block number'],
  'not-a-transaction': ['is not a transaction id'],
  'path-unfit': ['{path} {why:message}', 'check it'],
  'block-not-there': ['block {block} is not indexed; the last one is {last}', 'name an earlier block'],
  'other-chain': [
    '{name} names block {position}, and this ledger has another block {block}: it was restored to an earlier state, or is another ledger',
    'what you read after the common part may not be here: compare block hashes (/api/v1/blocks/N), and begin again from a block number',
  ],
  'of-other-chain': ['is a position of another chain'],
  'no-event-id': [
    'the header Last-Event-ID is no event id that this gateway sent: it names no block with its hash',
    'send the last id that came, unchanged; without one, begin after a block number with ?after=',
  ],
  'too-many-streams': [
    'no more than {each} event streams at a time are open to one organisation, or to one address without a token',
    'end one that is not needed, or share one stream among your programs',
  ],
  'gateway-stopping': ['the gateway is stopping', 'connect again shortly'],
  'too-many-traces': [
    'as many questions about origins, destinations, impact or accountability as one organisation may ask at once ({each}), or one address without a token ({strangers}), are being answered',
    'ask again after as many seconds as the header Retry-After says; ask one after the other',
  ],
  'too-many-requests': ['more than {limit} requests in a minute', 'wait as long as the header Retry-After says'],
  'no-room-for-bodies': [
    'the bodies of your requests that are being read fill the room for them, and no more are accepted now; nothing was done',
    'send the request again after as many seconds as the header Retry-After says',
  ],
  'no-room-for-writes': [
    "{places} writes are under way, or your organisation's share of them, and no more are accepted now; nothing was done",
    'send the request again after as many seconds as the header Retry-After says',
  ],
  'no-room-for-imports': [
    '{most} imports are under way, and no more are accepted now; nothing was done',
    'send the request again after as many seconds as the header Retry-After says',
  ],
  'own-imports-under-way': [
    '{each} imports of your organisation are under way: one runs, the other waits for it',
    'wait until one has ended, or cancel it: GET /api/v1/imports?state=running lists them',
  ],
  'import-running': [
    'import {id} is running: it cannot be deleted',
    'POST /api/v1/imports/{id}/cancel first, or wait until it has ended',
  ],
  'backup-of-fabric': [
    'this gateway is on a Fabric network: what it keeps is backed up with it stopped',
    'see "Backup and restore" in docs/operations.md',
  ],
  'not-on-ledger': [
    'no transaction {id} is on the ledger as of block {block}, and none is being sent',
    'repeat the request with the same Idempotency-Key: it is done once',
  ],
  'block-hides': [
    'the bytes of a block hold records that you may not see',
    'take its JSON here, or the block from the peer of your own organisation',
  ],
  'media-type': ['the body is {type}', 'send it as Content-Type: {wanted}'],
  'no-media-type': ['the body is of no media type', 'send it as Content-Type: {wanted}'],
  'charset-unknown': [
    'the charset {label} is not read here',
    'send the body as UTF-8, or in one of {known}, GBK, and state that charset',
  ],
  'charset-empty': [
    'the charset is empty',
    'send the body as UTF-8, or in one of {known}, GBK, and state that charset',
  ],
  'strangers-wait': [
    '{most} requests wait, and no more are accepted now; nothing was done',
    'send the request again after as many seconds as the header Retry-After says',
  ],
  'own-requests-wait': [
    '{most} of your requests wait, and no more are accepted now; nothing was done',
    'send the request again after as many seconds as the header Retry-After says',
  ],
  'stream-stopping': ['the gateway stops: connect again, and go on after the last id'],
  'stream-slow': ['events were not read in time: connect again, and go on after the last id'],
  'stream-expired': ['the token has expired: connect with a new one, and go on after the last id'],
  'stream-ahead': [
    'this gateway has not come to the block of your position: connect again; if it never comes, the ledger was restored to an earlier state',
  ],
  'stream-other-chain': [
    'your position is of another chain: the ledger was restored to an earlier state; begin again from a block number',
  ],
  'no-operation': ['operation {id} does not exist', 'check the id'],
  'no-import': ['import {id} does not exist', 'check the id'],
  'no-transaction': ['transaction {txId} does not exist', 'check the id'],
  'no-block': ['block {number} does not exist', 'check the number'],
  'line-not-json': ['the line is not JSON', 'send one JSON object a line'],
  'line-unfit': ['{path} {why:message}', 'send act, id, input and idempotencyKey'],
  'atomic-too-many': ['an atomic batch has 1 to {most} acts, this one has {count}', 'send fewer, or without atomic'],
  'no-room-for-batches': [
    '{each} batches of your organisation are under way, and no more are accepted now; nothing was done',
    'send the request again after as many seconds as the header Retry-After says',
  ],
  'body-compressed': ['the body is compressed ({encoding})', 'send it as Content-Type: {wanted}, not compressed'],
  'not-utf8-from': ['the body cannot be read from line {line} on: it is not UTF-8', 'send it as UTF-8'],
  'line-too-long': ['line {line} is longer than {most} characters', 'send less, or in several requests'],
  'headers-too-large': ['address and headers are too large together', 'send less of them'],
  'request-too-slow': [
    'the request did not come in time; nothing was done',
    'send it again, in several requests if it is large',
  ],
  'not-http': ['what came is no HTTP request', 'speak HTTP/1.1'],
} as const;
