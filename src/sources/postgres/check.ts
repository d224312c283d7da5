import { checkConnected, checkTls, checkVersion, firstNames } from '../common/check-connected.js';
import type { CheckResult, CheckOptions, Selection, SourceContext } from '../source.js';
import { checkRows } from './check-rows.js';
import type { PostgresConnectionConfig } from './config.js';
import { DATABASES, SCHEMAS } from './queries.js';
import { quoteIdentifier } from './quoted-name.js';
import { OLDEST_SUPPORTED } from './server-version.js';
import { PostgresSession } from './session.js';
import { postgresSettings, type PostgresSettings } from './settings.js';

/**
 * What a run needs, a line each: the connection, the server's version, TLS, the databases that may be connected to, the
 * schemas, and where rows are read the rights on them: pg_catalog needs none. A missing right comes with the GRANT that
 * mends it.
 */
export function checkPostgres(
  config: PostgresConnectionConfig,
  context: SourceContext,
  { readsRows = false }: CheckOptions,
  selection?: Selection
): AsyncIterable<CheckResult> {
  return checkInSession(config, context, async function* (session) {
    if (config.ingestAllDatabases) yield* checkDatabases(config, session, selection);
    yield await checkSchemas(config, session, selection);
    if (readsRows) yield* checkRows(session, config.username, selection);
  });
}

/**
 * What `steps` find in a session of the recipe's database, behind the connection itself, the server's version and TLS.
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

async function* checkDatabases(
  { username }: PostgresConnectionConfig,
  session: PostgresSession,
  selection: Selection | undefined
): AsyncGenerator<CheckResult> {
  const base = { name: 'databases', mandatory: false } as const;
  const wanted = (await session.query(DATABASES)).filter(
    ({ name, open }) => open && selection?.database(name) === undefined
  );
  const closed = wanted.filter(({ granted }) => !granted);
  for (const { name } of closed) {
    const remedy = `GRANT CONNECT ON DATABASE ${quoteIdentifier(name)} TO ${quoteIdentifier(username)};`;
    const message = `CONNECT is not granted on ${name}: nothing of it is read`;
    yield { ...base, passed: false, message, remedy, right: true };
  }
  const open = wanted.filter(({ granted }) => granted).map(({ name }) => name);
  if (closed.length === 0) yield { ...base, passed: true, message: firstNames(open) };
}

async function checkSchemas(
  { database }: PostgresConnectionConfig,
  session: PostgresSession,
  selection: Selection | undefined
): Promise<CheckResult> {
  const names = (await session.query(SCHEMAS)).map(({ name }) => name);
  const selected = names.filter((name) => selection?.schema(database, name) === undefined);
  return { name: 'schemas', mandatory: true, passed: true, message: firstNames(selected) };
}
