import { checkConnected, checkTls, checkVersion, firstNames } from '../common/check-connected.js';
import type { CheckResult, CheckOptions, Selection, SourceContext } from '../source.js';
import { checkRows } from '../common/check-rows.js';
import type { PostgresConnectionConfig } from './config.js';
import { CLOSED_TABLES, DATABASES, SCHEMAS, type DatabaseRow } from './queries.js';
import { quoteIdentifier } from '../common/quoted-name.js';
import { PostgresSession } from './session.js';
import { postgresSettings, type PostgresSettings } from './settings.js';

/**
 * What a run needs, one line each: the connection, the server's version, TLS, the databases that accept connections,
 * the schemas, and if rows are read the rights on them; pg_catalog needs none. A missing right comes with the GRANT
 * that fixes it. Rows are looked at in each database that may be read, or, if the recipe's own isn't selected (the
 * table of a suite may be in any), in those that are.
 */
export function checkPostgres(
  config: PostgresConnectionConfig,
  context: SourceContext,
  { readsRows = false }: CheckOptions,
  selection?: Selection
): AsyncIterable<CheckResult> {
  return checkInSession(config, context, async function* (session) {
    const isElsewhere = readsRows && (await selection?.database(config.database)) !== undefined;
    const databases =
      config.ingestAllDatabases || isElsewhere ? yield* checkDatabases(config, session, selection) : [config.database];
    yield await checkSchemas(config, session, selection);
    if (!readsRows) return;
    for (const name of databases) {
      if (name === session.database) yield* rowRights(session, config, selection);
      else yield* checkRowsOf(name, config, context, selection);
    }
  });
}

function rowRights(
  session: PostgresSession,
  { username }: PostgresConnectionConfig,
  selection: Selection | undefined
): AsyncIterable<CheckResult> {
  const { database } = session;
  const grants = { database, username, everything: 'pg_read_all_data', quote: quoteIdentifier };
  return checkRows(session.rows(CLOSED_TABLES), grants, selection);
}

/** The rights on the rows of a further database; one that can't be connected to is a finding of its own. */
async function* checkRowsOf(
  database: string,
  config: PostgresConnectionConfig,
  context: SourceContext,
  selection: Selection | undefined
): AsyncGenerator<CheckResult> {
  const settings = await postgresSettings(config);
  const findings = checkConnected(
    () => PostgresSession.open(settings, context, database),
    config.username,
    (session) => rowRights(session, config, selection)
  );
  for await (const finding of findings) {
    if (finding.name !== 'connection') yield finding;
    else if (!finding.passed) yield { ...finding, name: 'databases', mandatory: false };
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
    // the oldest server whose catalogue has everything that is read here
    yield checkVersion(session.server, session.major >= 12 ? undefined : '12');
    yield checkTls(session);
    yield* steps(session);
  });
}

/** @returns those that may be connected to */
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
  if (wanted.length === 0) {
    const remedy = 'Check the database in the name of the table, or databaseFilterPattern.';
    yield { ...base, passed: false, message: 'the server has none that is selected and takes connections', remedy };
    return [];
  }
  const open = wanted.filter(({ granted }) => granted).map(({ name }) => name);
  if (closed.length === 0) yield { ...base, passed: true, message: firstNames(open) };
  return open;
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
