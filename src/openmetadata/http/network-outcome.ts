import { PermanentError, TransientError } from '../../errors/index.js';
import type { ServerAddress } from './host-port.js';
import type { Outcome } from './outcome.js';

type Failure = Extract<Outcome, { ok: false }>;

/** The request never left: nothing listened, or the way there is closed for the moment. */
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

const CERTIFICATE_CODES = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** Maps an error of the connection to the error tree. Only codes go into messages: they cannot hold a secret. */
export function networkOutcome(error: unknown, address: ServerAddress, call: string): Failure {
  const code = codeOf(error);
  const where = address.text;
  const facts = { where, cause: error };
  if (code === 'ENOTFOUND') {
    const remedy = 'Check the host in hostPort and the name service of this worker.';
    const unknown = new PermanentError(`The host of OpenMetadata, ${address.text}, is not known.`, {
      ...facts,
      remedy,
    });
    return { ok: false, repeat: 'never', error: unknown };
  }
  const unsent = UNSENT[code];
  if (unsent !== undefined && isOfConnecting(error)) {
    const remedy = 'Check that the server runs and that hostPort names its host and port.';
    const refused = new TransientError(`OpenMetadata cannot be reached at ${address.text}: ${unsent} (${code}).`, {
      ...facts,
      remedy,
    });
    return { ok: false, repeat: 'unsent', error: refused };
  }
  if (CERTIFICATE_CODES.has(code)) {
    const remedy =
      'Set verifySSL: validate with sslConfig.caCertificate (the path of the CA file), or verifySSL: ignore.';
    const untrusted = new PermanentError(`The certificate of ${address.text} is not trusted (${code}).`, {
      ...facts,
      remedy,
    });
    return { ok: false, repeat: 'never', error: untrusted };
  }
  const wrongScheme = schemeMessage(code, address);
  if (wrongScheme !== undefined) {
    return {
      ok: false,
      repeat: 'never',
      error: new PermanentError(wrongScheme, { ...facts, remedy: 'Correct the scheme or port in hostPort.' }),
    };
  }
  if (code.startsWith('UND_ERR_INVALID') || code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED') {
    const message = code.startsWith('UND_ERR_INVALID') ? 'The request could not be built' : 'The client is closed';
    return { ok: false, repeat: 'never', error: new PermanentError(`${message} (${call}).`, facts) };
  }
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return {
      ok: false,
      repeat: 'never',
      error: new PermanentError(`The answer to ${call} is larger than this client reads.`, facts),
    };
  }
  const reason = INTERRUPTED[code] ?? 'The connection failed';
  const interrupted = new TransientError(
    `${reason} (${code === '' ? 'no code' : code}): ${call} on ${address.text}.`,
    facts
  );
  return { ok: false, repeat: 'idempotent', error: interrupted };
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
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string' && error.code !== '') return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return error.cause === undefined ? '' : codeOf(error.cause);
}
