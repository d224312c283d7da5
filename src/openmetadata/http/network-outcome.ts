import { errors } from 'undici';
import { PermanentError, TransientError } from '../../errors/index.js';
import { hostPortHint, type ServerAddress } from './host-port.js';
import type { Outcome } from './outcome.js';
import { proxyRefusal, proxyRemedy, proxyText } from './proxy-refusal.js';
import type { ProxySettings } from './proxy-settings.js';
import { certificateFault } from '../../tls/index.js';

type Failure = Extract<Outcome, { ok: false }>;

/** The request never left: nothing listened, or the network is down for the moment. */
const UNSENT: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens there',
  EAI_AGAIN: 'The host name could not be looked up just now',
  ENETUNREACH: 'The network is unreachable',
  EHOSTUNREACH: 'The host is unreachable',
  ETIMEDOUT: 'The connection was not answered in time',
  UND_ERR_CONNECT_TIMEOUT: 'The connection was not answered in time',
};

/** The connection broke, or the answer stopped, after the request may have been read. */
const INTERRUPTED: Readonly<Record<string, string>> = {
  ECONNRESET: 'The connection was reset',
  ETIMEDOUT: 'The other side went silent',
  EPIPE: 'The connection was closed while sending',
  UND_ERR_SOCKET: 'The connection was closed before the whole answer came',
  UND_ERR_HEADERS_TIMEOUT: 'No answer came in time',
  UND_ERR_BODY_TIMEOUT: 'The answer stopped half-way',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'The answer was cut short',
  UND_ERR_ABORTED: 'The answer was cut short',
};

/** What precedes the body doesn't end. */
const ENDLESS = new Set(['UND_ERR_HEADERS_OVERFLOW', 'HPE_HEADER_OVERFLOW', 'HPE_CHUNK_EXTENSIONS_OVERFLOW']);

/** The call that a connection's error ended, and the way it took. */
export interface NetworkCall {
  readonly address: ServerAddress;
  /** Method and path. */
  readonly call: string;
  readonly proxy?: Pick<ProxySettings, 'origin' | 'variable'>;
  /** Whether the recipe names the authorities to trust. */
  readonly ownCa?: boolean;
}

/**
 * Maps an error of the connection to the error tree. Only codes and host names go into messages: they can't contain a
 * secret.
 */
export function networkOutcome(error: unknown, way: NetworkCall): Failure {
  const { address, call, proxy } = way;
  const code = codeOf(error);
  const where = address.text;
  const facts = { where, cause: error };
  const never = (message: string, remedy?: string): Failure => ({
    ok: false,
    repeat: 'never',
    error: new PermanentError(message, remedy === undefined ? facts : { ...facts, remedy }),
  });
  const refusal = proxy === undefined ? undefined : proxyRefusal(error, proxy, facts);
  if (refusal !== undefined) return refusal;
  if (code === 'ENOTFOUND') {
    return proxy === undefined
      ? never(
          `The host of OpenMetadata, ${where}, is not known.`,
          'Check the host in hostPort and the name service of this worker.'
        )
      : never(
          `The host of the proxy ${proxyText(proxy)}, by which ${where} is asked, is not known.`,
          proxyRemedy(proxy)
        );
  }
  const unsent = UNSENT[code];
  if (unsent !== undefined && isOfConnecting(error)) {
    const [what, remedy] =
      proxy === undefined
        ? [
            `OpenMetadata cannot be reached at ${where}`,
            'Check that the server runs and that hostPort names its host and port.',
          ]
        : [`The proxy ${proxyText(proxy)}, by which ${where} is asked, cannot be reached`, proxyRemedy(proxy)];
    const refused = new TransientError(`${what}: ${unsent} (${code}).`, { ...facts, remedy });
    return { ok: false, repeat: 'unsent', error: refused };
  }
  const tls = tlsMessage(error, code, way);
  if (tls !== undefined) return never(...tls);
  if (code.startsWith('UND_ERR_INVALID') || code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED') {
    return never(
      `${code.startsWith('UND_ERR_INVALID') ? 'The request could not be built' : 'The client is closed'} (${call}).`
    );
  }
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return never(`The answer to ${call} is larger than this client reads.`);
  if (ENDLESS.has(code))
    return never(`The answer to ${call} on ${where} has more headers than this client reads.`, hostPortHint(address));
  const reason = INTERRUPTED[code] ?? 'The connection failed';
  const by = proxy === undefined ? '' : ` by way of the proxy ${proxyText(proxy)}`;
  const text = `${reason} (${code === '' ? 'no code' : code}): ${call} on ${where}${by}.`;
  const mayTell = proxy === undefined || address.origin.startsWith('https:');
  const remedy = mayTell && readNothing(error) ? neverAByte(address) : undefined;
  const interrupted = new TransientError(text, remedy === undefined ? facts : { ...facts, remedy });
  return { ok: false, repeat: 'idempotent', error: interrupted };
}

/**
 * TLS 1.3 reports a missing client certificate after this side's handshake is over: all that is seen is the end. A port
 * of TLS ends plain HTTP the same way.
 */
function neverAByte({ origin }: ServerAddress): string {
  const may = origin.startsWith('https:')
    ? 'ask for a client certificate that it trusts (sslConfig.sslCertificate and sslConfig.sslKey)'
    : 'speak TLS alone (hostPort: https://…)';
  return `It ended before a single byte came: if this happens again, the server may ${may}.`;
}

function readNothing(error: unknown): boolean {
  return error instanceof errors.SocketError && error.socket?.bytesRead === 0;
}

function tlsMessage(
  error: unknown,
  code: string,
  { address, ownCa = false }: NetworkCall
): [string, string] | undefined {
  const fault = certificateFault(error, ownCa);
  if (fault !== undefined) {
    const { text, remedy } = fault;
    const how = ownCa ? '' : ' (with verifySSL: validate)';
    return [
      `The certificate of ${address.text} ${text}.`,
      `${remedy.replace(/\.$/, `${remedy.includes('caCertificate') ? how : ''}.`)} To continue without the check, although anybody in between may read the token: verifySSL: ignore.`,
    ];
  }
  // the server ends the handshake with an alert when it misses a client certificate or trusts none of its authorities
  if (/^ERR_SSL_.*ALERT/.test(code)) {
    return [
      `${address.text} refuses the TLS handshake (${code}): most often it asks for a client certificate, or does not trust the one it got.`,
      'Set sslConfig.sslCertificate and sslConfig.sslKey to a client certificate that the server trusts.',
    ];
  }
  const wrongScheme = schemeMessage(code, address);
  return wrongScheme === undefined ? undefined : [wrongScheme, 'Correct the scheme or port in hostPort.'];
}

function schemeMessage(code: string, address: ServerAddress): string | undefined {
  if (code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') {
    return `${address.text} does not speak TLS (${code}).`;
  }
  return code === 'HPE_INVALID_CONSTANT' ? `${address.text} does not speak HTTP (${code}).` : undefined;
}

/** The same codes also come from a connection that broke later, when the request was on its way. */
function isOfConnecting(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.every(isOfConnecting);
  if ('syscall' in error) return error.syscall === 'connect' || error.syscall === 'getaddrinfo';
  return codeOf(error) === 'UND_ERR_CONNECT_TIMEOUT';
}

/** undici wraps some errors in others; happy eyeballs wraps one per address. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string' && error.code !== '') return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return error.cause === undefined ? '' : codeOf(error.cause);
}
