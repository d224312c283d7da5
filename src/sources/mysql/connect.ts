import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import mysql from 'mysql2';
import type { Connection } from 'mysql2';
import { codeOf, mysqlError } from './errors.js';
import type { MysqlSettings } from './settings.js';
import { watchAnswer } from '../common/endless-answer.js';
import { checkIpIdentity } from '../common/tls-options.js';

/** How long KILL QUERY, a courtesy to the server, may take in all: a worker that shuts down waits for it. */
const KILL_TIMEOUT_MS = 2_000;

/**
 * Opens a connection; the TLS name of an IP address is checked as well.
 * @throws AuthenticationError, PermanentError or TransientError; the signal's reason when aborted.
 */
export async function connect(settings: MysqlSettings, signal: AbortSignal): Promise<Connection> {
  signal.throwIfAborted();
  const options = await settings.driverOptions();
  const connection = mysql.createConnection(options);
  let unwatch: () => void = () => undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      // the driver keeps parts of a packet until it is whole, however long
      unwatch = watchAnswer(() => bytesOf(connection), 'a log-in', reject);
      const abort = (): void => reject(new Error('aborted'));
      signal.addEventListener('abort', abort, { once: true });
      connection.once('connect', () => resolve());
      // stays on: a second error from a failing handshake must not end the process
      connection.on('error', reject);
      connection.once('connect', () => signal.removeEventListener('abort', abort));
    });
    const socket = socketOf(connection);
    if (settings.tls?.ipToCheck !== undefined && socket instanceof TLSSocket) {
      checkIpIdentity('MySQL', settings.tls.ipToCheck, socket.getPeerCertificate());
    }
    return connection;
  } catch (error) {
    const received = bytesOf(connection);
    destroyConnection(connection);
    signal.throwIfAborted();
    throw mysqlError(waitedFor(error, received, options.connectTimeout), settings.place);
  } finally {
    unwatch();
  }
}

/** The driver's timeout is for the log-in as a whole, whatever its message says. */
function waitedFor(error: unknown, received: number, timeoutMs = 0): unknown {
  if (codeOf(error) !== 'ETIMEDOUT' || received === 0) return error;
  const message = `waited ${timeoutMs / 1000} s for the end of the log-in, of which ${received} bytes came`;
  return Object.assign(new Error(message, { cause: error }), { code: 'ETIMEDOUT', fatal: true });
}

/** Bytes that the connection has received so far. */
export function bytesOf(connection: Connection): number {
  const socket = socketOf(connection);
  return socket instanceof Socket ? socket.bytesRead : 0;
}

/** Stops a statement that nobody reads any more. Best effort: the server's own limits are the fallback. */
export async function killQuery(settings: MysqlSettings, threadId: number): Promise<void> {
  let isOver = false;
  let connection: Connection | undefined;
  const kill = async (): Promise<void> => {
    const options = await settings.driverOptions();
    if (isOver) return void (options.stream instanceof Duplex && options.stream.destroy());
    const opened = mysql.createConnection({ ...options, connectTimeout: KILL_TIMEOUT_MS });
    connection = opened;
    await new Promise<void>((resolve) => {
      opened.on('error', () => resolve());
      opened.query(`KILL QUERY ${threadId}`, () => resolve());
    });
  };
  const late = sleep(KILL_TIMEOUT_MS, undefined, { ref: false });
  await Promise.race([kill().catch(() => undefined), late]);
  isOver = true;
  if (connection !== undefined) destroyConnection(connection);
}

/** The driver's own destroy only half-closes, and a server blocked in a write would keep its side. */
export function destroyConnection(connection: Connection): void {
  connection.destroy();
  socketOf(connection)?.destroy();
}

/** The connection's socket, which the driver's types don't show. */
export function socketOf(connection: Connection): Duplex | undefined {
  const stream: unknown = Reflect.get(connection, 'stream');
  return stream instanceof Duplex ? stream : undefined;
}
