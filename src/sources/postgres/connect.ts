import type { TLSSocket } from 'node:tls';
import type { ClientConfig } from 'pg';
import { PostgresClient } from '../common/postgres-client.js';
import { codeOf, postgresError } from './errors.js';
import type { PostgresSettings } from './settings.js';

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
): Promise<PostgresClient> {
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
    if (!isPlain) throw postgresError(error, settings);
  }
  try {
    return await connectOnce({ ...options, ssl: false }, signal);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw postgresError(error, settings);
  }
}

/** The driver would connect the socket, which is connected already: it only waits for the event. */
function inside(socket: TLSSocket): ClientConfig {
  const connect = (): TLSSocket => {
    process.nextTick(() => socket.emit('connect'));
    return socket;
  };
  return { stream: () => Object.assign(socket, { connect }) };
}

async function connectOnce(options: ClientConfig, signal: AbortSignal): Promise<PostgresClient> {
  signal.throwIfAborted();
  const client = new PostgresClient(options);
  // stays on: a second error from a failing handshake must not end the process
  client.on('error', () => undefined);
  const abort = (): void => client.drop();
  signal.addEventListener('abort', abort, { once: true });
  try {
    await client.connect();
    return client;
  } catch (error) {
    client.drop();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
