import { beginning } from '../../../errors/index.js';

/** What is worth keeping of an error thrown by the driver. */
export interface DriverFault {
  /** The server's code (`002003`) or the driver's (`401001`). */
  readonly code?: string;
  readonly sqlState?: string;
  /** HTTP status of a request that failed. */
  readonly status?: number;
  /** `ECONNRESET`, `ENOTFOUND`, …, found on the error or below it. */
  readonly systemCode?: string;
  /** The server's own message in one line, without the SQL. */
  readonly message: string;
}

/** How deep causes are followed; the driver wraps twice. */
const MAX_DEPTH = 5;
/** Long enough for any message of the catalog, short enough for a report. */
const MAX_MESSAGE = 500;

export function readFault(error: unknown): DriverFault {
  const code = property(error, 'code');
  const sqlState = property(error, 'sqlState');
  const status = property(property(error, 'response'), 'statusCode') ?? property(property(error, 'response'), 'status');
  const systemCode = findSystemCode(error, 0);
  const message = property(error, 'message');
  return {
    ...(isPlain(code) ? { code: String(code) } : {}),
    ...(typeof sqlState === 'string' ? { sqlState } : {}),
    ...(typeof status === 'number' ? { status } : {}),
    ...(systemCode === undefined ? {} : { systemCode }),
    message: typeof message === 'string' ? beginning(message.replace(/\s+/g, ' ').trim(), MAX_MESSAGE) : '',
  };
}

function findSystemCode(error: unknown, depth: number): string | undefined {
  if (error === undefined || error === null || depth > MAX_DEPTH) return undefined;
  const code = property(error, 'code');
  // ERR_BAD_RESPONSE and the like are the HTTP client's, not the network's.
  if (
    typeof code === 'string' &&
    /^(E[A-Z_]+|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|ERR_TLS_)/.test(code) &&
    !/^ERR_(?!TLS_)/.test(code)
  )
    return code;
  return findSystemCode(property(error, 'cause'), depth + 1);
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value ? Reflect.get(value, name) : undefined;
}

function isPlain(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
