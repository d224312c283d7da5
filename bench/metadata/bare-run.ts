import mysql from 'mysql2/promise';
import { Pool } from 'undici';
import type { TestMariadb } from '../../test/services/mariadb.js';

/** A request of the run, its body as text that is only to be sent. */
export interface BareRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

export interface BareRun {
  readonly mariadb: TestMariadb;
  /** The run's statements in the order of MariaDB's log. */
  readonly statements: readonly string[];
  readonly requests: readonly BareRequest[];
  readonly url: string;
  readonly token: string;
  /** Schemas read at once. */
  readonly readers: number;
  /** Bulk PUTs at once. */
  readonly writers: number;
}

/** A statement that reads one schema; a run sends three of a schema side by side, on a connection each. */
const OF_A_SCHEMA = /(?:TABLE_SCHEMA|CONSTRAINT_SCHEMA|ROUTINE_SCHEMA|SCHEMA_NAME) = '(bench_\d+)'/;
const CONNECTIONS_A_READER = 3;

/**
 * Seconds that a run's catalogue statements and its bulk PUTs take without anything around them. Both go at once, as in a run that
 * publishes one unit while it reads the next; what must be there first (the service, databases, schemas) is made before the clock starts.
 */
export async function runBare({
  mariadb,
  statements,
  requests,
  url,
  token,
  readers,
  writers,
}: BareRun): Promise<number> {
  const catalogue = statements.filter((text) => /information_schema/i.test(text));
  const schemas = new Map<string, string[]>();
  for (const text of catalogue) {
    const schema = OF_A_SCHEMA.exec(text)?.[1] ?? '';
    schemas.set(schema, [...(schemas.get(schema) ?? []), text]);
  }
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

  const connect = (): Promise<mysql.Connection> =>
    mysql.createConnection({ host: '127.0.0.1', port: mariadb.port, user: mariadb.user, password: mariadb.password });
  const connections = await Promise.all(Array.from({ length: readers * CONNECTIONS_A_READER }, connect));
  const started = performance.now();
  await Promise.all([read(), inLanes(writers, bulk, (_lane, request) => put(request))]);
  const seconds = (performance.now() - started) / 1000;
  await Promise.all(connections.map((connection) => connection.end()));
  await pool.close();
  return seconds;

  async function read(): Promise<void> {
    for (const text of schemas.get('') ?? []) await connections[0]?.query(text);
    const groups = [...schemas].filter(([schema]) => schema !== '').map(([, texts]) => texts);
    await inLanes(readers, groups, async (lane, texts) => {
      const own = connections.slice(lane * CONNECTIONS_A_READER, (lane + 1) * CONNECTIONS_A_READER);
      await inLanes(
        CONNECTIONS_A_READER,
        texts,
        async (each, text) => void (await own[each]?.query({ sql: text, rowsAsArray: true }))
      );
    });
  }
}

async function inLanes<T>(
  lanes: number,
  items: readonly T[],
  work: (lane: number, item: T) => Promise<void>
): Promise<void> {
  let next = 0;
  const lane = async (number: number): Promise<void> => {
    while (next < items.length) {
      const item = items[next];
      next += 1;
      if (item !== undefined) await work(number, item);
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
}
