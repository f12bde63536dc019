// SPDX-License-Identifier: Apache-2.0

/** A problem report of the gateway (RFC 9457). */
export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly code?: string;
  readonly rule?: string;
  readonly article?: string;
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
  const failed = (what: string, remedy: string): NoGatewayError => new NoGatewayError(what, remedy, { cause: error });
  switch (code) {
    case 'ECONNREFUSED':
      return new UnreachableError(
        `no gateway answers at ${address}`,
        'start one with `yuanliu serve` or `yuanliu demo`, or name another with --gateway',
        { cause: error },
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return failed(`the host of ${address} is not known`, 'check the name in --gateway, and the DNS of this machine');
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return failed(
        `${address} cannot be reached`,
        'check the network, a firewall or VPN, and the address in --gateway',
      );
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return failed(
        `the connection to ${address} was lost before its answer was complete`,
        'repeat the command; an act is safe to repeat under the same --key',
      );
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return failed(
        `${address} did not answer in time`,
        'repeat the command; an act is safe to repeat under the same --key',
      );
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return failed(`${address} does not speak TLS`, 'write http:// in --gateway');
    case 'CERT_HAS_EXPIRED':
      return failed(`the certificate of ${address} has expired`, 'have the operator of the gateway renew it');
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return failed(`the certificate of ${address} is for another host`, 'use the host name of the certificate');
    default:
      if (/CERT|SIGNATURE/.test(code)) {
        return failed(
          `the certificate of ${address} is not trusted (${code})`,
          'set NODE_EXTRA_CA_CERTS to the file with the certificate of its authority',
        );
      }
      if (code.startsWith('HPE_')) {
        return failed(`what answers at ${address} does not speak HTTP (${code})`, 'check the port; TLS needs https://');
      }
      return failed(`${address} cannot be reached: ${reasonOf(error)}`, 'check the address in --gateway');
  }
}

/** What answered is no gateway: a proxy in front of it, or another server. */
export async function foreignAnswer(address: string, response: Response): Promise<NoGatewayError> {
  const { status, headers } = response;
  await response.body?.cancel().catch(() => undefined);
  const server = headers.get('server');
  const type = headers.get('content-type')?.split(';')[0] ?? 'no media type';
  const what = `${address} answers ${status} with ${type}${server === null ? '' : ` from ${server}`}, not as a gateway`;
  const location = headers.get('location');
  if (status >= 300 && status < 400) {
    return new NoGatewayError(
      what,
      `it redirects to ${location ?? 'another address'}: name the gateway itself with --gateway`,
    );
  }
  if (status === 413) {
    return new NoGatewayError(what, 'a proxy limits the size of requests: have it raised, or split the file');
  }
  if ([502, 503, 504].includes(status)) {
    return new NoGatewayError(
      what,
      'a proxy does not reach its gateway: see whether that runs, then repeat the command',
    );
  }
  return new NoGatewayError(what, 'check the address in --gateway: host, port and path');
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
