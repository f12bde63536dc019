// SPDX-License-Identifier: Apache-2.0

/** What the gateway says of tokens, certificates and who holds them. */
export const identity = {
  'token-needed': [
    'this needs a token',
    'send the header Authorization: Bearer TOKEN with a token of your organisation',
  ],
  'not-bearer': [
    'the Authorization header is not Bearer TOKEN',
    'send the header Authorization: Bearer TOKEN with a token of your organisation',
  ],
  'token-expired': [
    'the token has expired: get a new one',
    'send the header Authorization: Bearer TOKEN with a token of your organisation',
  ],
  'token-audience': [
    'the token is for another audience, not {audience}',
    'send the header Authorization: Bearer TOKEN with a token of your organisation',
  ],
  'token-issuer': [
    'the token is of another issuer, not {issuer}',
    'send the header Authorization: Bearer TOKEN with a token of your organisation',
  ],
  'token-claim': [
    "the token's claim {claim} is missing or does not hold",
    'send the header Authorization: Bearer TOKEN with a token of your organisation',
  ],
  'token-claims': [
    "the token's claims do not fit: {claims:text[]}",
    'send the header Authorization: Bearer TOKEN with a token of your organisation',
  ],
  'token-not-trusted': [
    'the token is not one that this gateway trusts: get one from its issuer',
    'send the header Authorization: Bearer TOKEN with a token of your organisation',
  ],
  'issuer-keys-missing': [
    'the keys of {issuer} cannot be fetched',
    'try again shortly; if it lasts, tell the administrator of this gateway that its OIDC issuer is out of reach',
  ],
  'administrator-only': [
    "this needs the token of the gateway's administrator",
    "send the header Authorization: Bearer TOKEN with what is in admin.token in the gateway's data folder",
  ],
  'certificates-revoked': [
    'the certificates of {user} for {organization} were revoked at {at:time} ({reason})',
    'a revocation is final: register the person under another name, if at all',
  ],
  'msp-not-ours': ['no certificates of {msp} are issued here, only of {ours:text[]}', 'ask at the gateway of {msp}'],
  'person-unknown': [
    'nobody is registered as {user} for {organization}',
    'see `yuanliu identity list`; who was enrolled by another gateway is registered here first',
  ],
  'no-registrar': [
    'this gateway may not register users of {msp}: its connection file names no registrar',
    'name one under ca.registrar in that file',
  ],
  'authority-refused-registrar': [
    'the certificate authority of {msp} at {url} did not do it: {why}',
    'it does not know the registrar by this secret or certificate: take the connection file and its registrar.json as the network wrote them (`npm run network -- up` does so again), and a data folder that is of no other network',
  ],
  'authority-failed': [
    'the certificate authority of {msp} at {url} did not do it: {why}',
    'see that it runs and that its registrar may do this; of a network on this machine, `npm run network -- status` says what runs',
  ],
  'user-unfit': ['{user} {why:message}', 'mend what is named in issues'],
  'user-name-form': [
    'is not a plain user name: 1 to 64 letters and digits of any script, and between them also spaces and . · _ @ -',
  ],
  'user-name-organization': ['is not a plain user name: it ends in the code of an organisation; leave that out'],
  'not-an-organization': ['{organization} is not a credit code', 'mend what is named in issues'],
  'msp-needed': ['the ledger does not know {organization}: say its MSP', 'mend what is named in issues'],
} as const;
