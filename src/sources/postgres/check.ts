import { checkConnected, checkTls, checkVersion, firstNames } from '../common/check-connected.js';
import type { CheckResult, CheckOptions, Selection, SourceContext } from '../source.js';
import { checkRows } from './check-rows.js';
import type { PostgresConnectionConfig } from './config.js';
import { DATABASES, SCHEMAS, type DatabaseRow } from './queries.js';
import { quoteIdentifier } from './quoted-name.js';
import { OLDEST_SUPPORTED } from './server-version.js';
import { PostgresSession } from './session.js';
import { postgresSettings, type PostgresSettings } from './settings.js';

/**
 * What a run needs, one line each: the connection, the server's version, TLS, the databases that accept connections,
 * the schemas, and if rows are read the rights on them; pg_catalog needs none. A missing right comes with the GRANT
 * that fixes it.
 */
export function checkPostgres(
  config: PostgresConnectionConfig,
  context: SourceContext,
  { readsRows = false }: CheckOptions,
  selection?: Selection
): AsyncIterable<CheckResult> {
  return checkInSession(config, context, async function* (session) {
    const others: string[] = [];
    if (config.ingestAllDatabases) others.push(...(yield* checkDatabases(config, session, selection)));
    yield await checkSchemas(config, session, selection);
    if (!readsRows) return;
    yield* checkRows(session, config.username, selection);
    for (const name of others) yield* checkRowsOf(name, config, context, selection);
  });
}

/** The rights on the rows of a further database. */
async function* checkRowsOf(
  database: string,
  config: PostgresConnectionConfig,
  context: SourceContext,
  selection: Selection | undefined
): AsyncGenerator<CheckResult> {
  const session = await PostgresSession.open(await postgresSettings(config), context, database);
  try {
    yield* checkRows(session, config.username, selection);
  } finally {
    await session.close();
  }
}

/**
 * What `steps` find in a session on the recipe's database, after the connection itself, the server's version and TLS.
 */
export function checkInSession(
  config: PostgresConnectionConfig,
  context: SourceContext,
  steps: (session: PostgresSession) => AsyncIterable<CheckResult>,
  searchPath: PostgresSettings['searchPath'] = 'none'
): AsyncIterable<CheckResult> {
  const open = async (): Promise<PostgresSession> =>
    PostgresSession.open({ ...(await postgresSettings(config)), searchPath }, context, config.database);
  return checkConnected(open, config.username, async function* (session) {
    const { text, major } = session.version;
    const oldest = major >= OLDEST_SUPPORTED ? undefined : String(OLDEST_SUPPORTED);
    yield checkVersion(`PostgreSQL ${text}`, oldest);
    yield checkTls(session);
    yield* steps(session);
  });
}

/** @returns those that may be connected to, but for the one that is */
async function* checkDatabases(
  { username }: PostgresConnectionConfig,
  session: PostgresSession,
  selection: Selection | undefined
): AsyncGenerator<CheckResult, readonly string[]> {
  const base = { name: 'databases', mandatory: false } as const;
  const wanted: DatabaseRow[] = [];
  for (const row of await session.query(DATABASES))
    if (row.open && (await selection?.database(row.name)) === undefined) wanted.push(row);
  const closed = wanted.filter(({ granted }) => !granted);
  for (const { name } of closed) {
    const remedy = `GRANT CONNECT ON DATABASE ${quoteIdentifier(name)} TO ${quoteIdentifier(username)};`;
    const message = `CONNECT is not granted on ${name}: nothing of it is read`;
    yield { ...base, passed: false, message, remedy, right: true };
  }
  const open = wanted.filter(({ granted }) => granted).map(({ name }) => name);
  if (closed.length === 0) yield { ...base, passed: true, message: firstNames(open) };
  return open.filter((name) => name !== session.database);
}

async function checkSchemas(
  { database }: PostgresConnectionConfig,
  session: PostgresSession,
  selection: Selection | undefined
): Promise<CheckResult> {
  const selected: string[] = [];
  for (const { name } of await session.query(SCHEMAS))
    if ((await selection?.schema(database, name)) === undefined) selected.push(name);
  return { name: 'schemas', mandatory: true, passed: true, message: firstNames(selected) };
}
