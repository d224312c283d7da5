import { connect as connectSocket } from 'node:net';
import { Client, Connection, isGrpcServiceError, type ClientOptions } from '@temporalio/client';
import { NoTemporalServerError } from './temporal-server/no-temporal-server-error.js';
import { tlsFault } from './tls-probe.js';
import type { TemporalSettings } from './temporal-settings.js';

/** Long enough for a TLS handshake with a distant cluster, short enough for a mistyped address. */
const CONNECT_TIMEOUT = '5s';

/**
 * Connects to Temporal and makes sure that the namespace exists.
 *
 * @throws NoTemporalServerError naming the address and the ways to fix it.
 */
export async function connect(
  settings: TemporalSettings,
  options: Pick<ClientOptions, 'dataConverter' | 'interceptors'> = {}
): Promise<Client> {
  await refuseDeadLoopback(settings);
  let connection: Connection;
  try {
    connection = await Connection.connect({ ...settings.connectionOptions, connectTimeout: CONNECT_TIMEOUT });
  } catch (error) {
    const fault = await tlsFault(settings);
    const message = fault === undefined ? unreachable(settings, error) : untrusted(settings, fault);
    throw new NoTemporalServerError(message, { cause: error });
  }
  try {
    await connection.workflowService.describeNamespace({ namespace: settings.namespace });
  } catch (error) {
    await connection.close();
    throw new NoTemporalServerError(refused(settings, error), { cause: error });
  }
  return new Client({ connection, namespace: settings.namespace, ...options });
}

/** On this machine a refused port is a final answer: gRPC would retry until its time is up. */
async function refuseDeadLoopback(settings: TemporalSettings): Promise<void> {
  if (!URL.canParse(`tcp://${settings.address}`)) return;
  const { hostname, port } = new URL(`tcp://${settings.address}`);
  if (!['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return;
  const reason = await new Promise<Error | undefined>((done) => {
    const socket = connectSocket({ host: hostname.replace(/[[\]]/g, ''), port: Number(port) });
    socket.once('connect', () => done(undefined)).once('error', done);
    socket.once('connect', () => socket.destroy());
  });
  if (reason !== undefined) throw new NoTemporalServerError(unreachable(settings, new Error('connection refused')));
}

function unreachable(settings: TemporalSettings, error: unknown): string {
  const source = settings.configured
    ? 'TEMPORAL_ADDRESS or temporal.toml names it'
    : 'the default, as TEMPORAL_ADDRESS is not set';
  return (
    `No Temporal server answers at ${settings.address} (${source}): ${reasonOf(error)}. ` +
    'Set TEMPORAL_ADDRESS to a running one, start one by `temporal server start-dev`, or let `om-ingest run --local` bring one.'
  );
}

function untrusted({ address }: TemporalSettings, fault: string): string {
  return `TLS with the Temporal server at ${address} fails: ${fault}.`;
}

function refused(settings: TemporalSettings, error: unknown): string {
  return (
    `The Temporal server at ${settings.address} refuses the namespace ${settings.namespace}: ${reasonOf(error)}. ` +
    'Set TEMPORAL_NAMESPACE, and TEMPORAL_API_KEY or the TEMPORAL_TLS_* files where it asks for them.'
  );
}

function reasonOf(error: unknown): string {
  if (isGrpcServiceError(error)) return error.details;
  const reason = error instanceof Error ? error.message : String(error);
  return reason.replace(/\.$/, '');
}
