// SPDX-License-Identifier: Apache-2.0
import type { Text } from 'yuanliu-chaincode/messages';
import { said, textOf } from './words/index.js';

/** A problem report of the gateway (RFC 9457). */
export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly code?: string;
  readonly rule?: string;
  readonly article?: string;
  readonly requirement?: string;
  readonly remedy?: string;
  readonly issues?: readonly { readonly path: string; readonly message: string }[];
  readonly violations?: readonly { readonly rule: string; readonly article: string; readonly message: string }[];
}

/** The gateway rejected the request. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.code ?? problem.status}: ${problem.detail ?? problem.title}`);
    this.name = 'ProblemError';
  }
}

/** The command was not written as it must be. */
export class UsageError extends Error {}

/** No gateway answered: nothing listens there, the connection failed, or something else answered. */
export class NoGatewayError extends Error {
  constructor(
    message: string,
    /** What to do about it. */
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'NoGatewayError';
  }
}

/** Nothing listens at the address, so no gateway runs there. */
export class UnreachableError extends NoGatewayError {}

/** What a request that got no answer is for the user: which failure, and what to do. */
export function connectionFailure(address: string, error: unknown): NoGatewayError {
  const code = codeOf(error);
  const failed = (text: Text): NoGatewayError => new NoGatewayError(text.message, text.remedy ?? '', { cause: error });
  switch (code) {
    case 'ECONNREFUSED': {
      const { message, remedy = '' } = textOf('unreachable', { address });
      return new UnreachableError(message, remedy, { cause: error });
    }
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return failed(textOf('host-unknown', { address }));
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return failed(textOf('not-reached', { address }));
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return failed(textOf('connection-lost', { address }));
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return failed(textOf('no-answer-in-time', { address }));
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return failed(textOf('no-tls', { address }));
    case 'CERT_HAS_EXPIRED':
      return failed(textOf('certificate-expired', { address }));
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return failed(textOf('certificate-other-host', { address }));
    default:
      if (/CERT|SIGNATURE/.test(code)) return failed(textOf('certificate-untrusted', { address, code }));
      if (code.startsWith('HPE_')) return failed(textOf('not-http', { address, code }));
      return failed(textOf('not-reached-why', { address, why: reasonOf(error) }));
  }
}

/** What answered is no gateway: a proxy in front of it, or another server. */
export async function foreignAnswer(address: string, response: Response): Promise<NoGatewayError> {
  const { status, headers } = response;
  await response.body?.cancel().catch(() => undefined);
  const server = headers.get('server');
  const about = {
    address,
    status,
    type: headers.get('content-type')?.split(';')[0] ?? said('no-media-type'),
    server: server === null ? '' : said('from-server', { server }),
  };
  const foreign = ({ message, remedy = '' }: Text): NoGatewayError => new NoGatewayError(message, remedy);
  if (status >= 300 && status < 400) {
    const location = headers.get('location') ?? said('another-address');
    return foreign(textOf('redirects', { ...about, location }));
  }
  if (status === 413) return foreign(textOf('proxy-limit', about));
  return foreign(textOf([502, 503, 504].includes(status) ? 'proxy-down' : 'foreign', about));
}

/** The code of the failure below fetch's own error. */
function codeOf(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string' && at.code !== '') return at.code;
  }
  return '';
}

function reasonOf(error: unknown): string {
  let reason = String(error);
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++)
    reason = at.message;
  return reason;
}
