import { readFileSync } from 'node:fs';
import { Pool } from 'undici';
import { PermanentError } from '../../errors/index.js';

export type VerifySsl = 'no-ssl' | 'ignore' | 'validate';

export interface PoolOptions {
  /**
   * `no-ssl` (default): certificates of https addresses are checked against the system's authorities. `ignore`: not checked.
   * `validate`: checked against `caPath`, or the system's authorities without one.
   */
  readonly verifySSL?: VerifySsl;
  /** PEM file with the authorities to trust. */
  readonly caPath?: string;
  /** Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** Longest silence while waiting for an answer or within it. Default 300,000. */
  readonly readTimeoutMs?: number;
  /** Connections at most; further calls queue. Default 16. */
  readonly connections?: number;
}

/** Idle connections are dropped before usual servers (30 s) and proxies (15 s) drop them: a call on a dead one would be a reset. */
const KEEP_ALIVE_MS = 10_000;
const TCP_KEEP_ALIVE_DELAY_MS = 60_000;
const MAX_ANSWER_BYTES = 128 * 1024 * 1024;

/** @throws PermanentError when the CA file cannot be read */
export function openPool(origin: string, options: PoolOptions): Pool {
  const {
    verifySSL = 'no-ssl',
    caPath,
    connectTimeoutMs = 10_000,
    readTimeoutMs = 300_000,
    connections = 16,
  } = options;
  const ca = verifySSL === 'validate' && caPath !== undefined ? { ca: readCa(caPath) } : {};
  return new Pool(origin, {
    connections,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: readTimeoutMs,
    bodyTimeout: readTimeoutMs,
    maxResponseSize: MAX_ANSWER_BYTES,
    connect: {
      timeout: connectTimeoutMs,
      keepAlive: true,
      keepAliveInitialDelay: TCP_KEEP_ALIVE_DELAY_MS,
      rejectUnauthorized: verifySSL !== 'ignore',
      ...ca,
    },
  });
}

function readCa(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const remedy = 'With verifySSL: validate, sslConfig.caCertificate is the path of a PEM file on the worker.';
    throw new PermanentError(`The CA file ${path} cannot be read.`, { where: path, remedy, cause });
  }
}
