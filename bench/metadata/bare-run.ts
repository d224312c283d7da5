import { Pool } from 'undici';
import type { BenchWarehouse } from './bench-warehouse.js';
import { inLanes } from './in-lanes.js';

/** A request of the run, its body as text that is only to be sent. */
export interface BareRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

export interface BareRun {
  readonly warehouse: Pick<BenchWarehouse, 'openBare'>;
  /** The run's statements in their order. */
  readonly statements: readonly string[];
  readonly requests: readonly BareRequest[];
  readonly url: string;
  readonly token: string;
  /** Schemas read at once. */
  readonly readers: number;
  /** Bulk PUTs at once. */
  readonly writers: number;
}

/**
 * Seconds that a run's catalogue statements and its bulk PUTs take without anything around them. Both go at once, as in
 * a run that publishes one unit while it reads the next; what must be there first (the service, databases, schemas) is
 * made before the clock starts.
 */
export async function runBare({
  warehouse,
  statements,
  requests,
  url,
  token,
  readers,
  writers,
}: BareRun): Promise<number> {
  const bulk = requests.filter(({ method, path }) => method === 'PUT' && path.startsWith('/api/v1/tables/bulk'));
  const pool = new Pool(url, { connections: writers });
  const put = async ({ method, path, body }: BareRequest): Promise<void> => {
    const answer = await pool.request({
      method: method as 'PUT',
      path,
      body,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text.slice(0, 300)}`);
  };
  const containers = requests.filter(
    ({ method, path }) =>
      (method === 'POST' || method === 'PUT') &&
      /\/v1\/(services\/databaseServices|databases|databaseSchemas)(\/bulk|$|\?)/.test(path)
  );
  for (const request of containers) await put(request);

  const source = await warehouse.openBare(statements, readers);
  const started = performance.now();
  await Promise.all([source.read(), inLanes(writers, bulk, (_lane, request) => put(request))]);
  const seconds = (performance.now() - started) / 1000;
  await source.close();
  await pool.close();
  return seconds;
}
