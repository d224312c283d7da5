import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import pg, { type Client } from 'pg';
import { AnswerGuard } from './answer-guard.js';
import { codeOf, postgresError } from './errors.js';
import type { PostgresSettings } from './settings.js';

/** An open connection, and what watches over the server's answers on it. */
export interface Connected {
  readonly client: Client;
  readonly guard: AnswerGuard;
}

/**
 * Opens a connection to a database.
 * @param tag the application name
 * @throws AuthenticationError, PermanentError or TransientError; the signal's reason when aborted.
 */
export async function connect(
  settings: PostgresSettings,
  database: string,
  tag: string,
  signal: AbortSignal
): Promise<Connected> {
  const options = settings.driverOptions(database, tag);
  try {
    const { openSocket } = settings;
    return await connectOnce(
      openSocket === undefined ? options : { ...options, ...inside(await openSocket()) },
      signal
    );
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const isPlain = settings.plainIfNoTls && error instanceof Error && codeOf(error) === 'NO_TLS';
    if (!isPlain) throw postgresError(error, settings.place);
  }
  try {
    return await connectOnce({ ...options, ssl: false }, signal);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw postgresError(error, settings.place);
  }
}

/** The driver would connect the socket, which is connected already: it only waits for the event. */
function inside(socket: TLSSocket): pg.ClientConfig {
  const connect = (): TLSSocket => {
    process.nextTick(() => socket.emit('connect'));
    return socket;
  };
  return { stream: () => Object.assign(socket, { connect }) };
}

async function connectOnce(options: pg.ClientConfig, signal: AbortSignal): Promise<Connected> {
  signal.throwIfAborted();
  const client = new pg.Client(options);
  const guard = AnswerGuard.on(client);
  // stays on: a second error from a failing handshake must not end the process
  client.on('error', () => undefined);
  const abort = (): void => void socketOf(client)?.destroy();
  signal.addEventListener('abort', abort, { once: true });
  try {
    await client.connect();
    return { client, guard };
  } catch (error) {
    destroyConnection(client);
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Without a goodbye: the server may be in the middle of an answer. */
export function destroyConnection(client: Client): void {
  socketOf(client)?.destroy();
}

/** `TLSv1.3` and the like; undefined without TLS. */
export function tlsProtocolOf(client: Client): string | undefined {
  const socket = socketOf(client);
  return socket instanceof TLSSocket ? (socket.getProtocol() ?? undefined) : undefined;
}

/** The connection's socket, which the driver's types don't show. */
export function socketOf(client: Client): Socket | undefined {
  const connection: unknown = Reflect.get(client, 'connection');
  const stream: unknown =
    typeof connection === 'object' && connection !== null ? Reflect.get(connection, 'stream') : undefined;
  return stream instanceof Socket ? stream : undefined;
}
