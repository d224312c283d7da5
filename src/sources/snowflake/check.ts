import type { CheckOptions, CheckResult, Selection, SourceContext } from '../source.js';
import { checkInSession, failed, passed } from './session/check-session.js';
import type { SnowflakeConnectionConfig } from './config.js';
import type { Driver } from './session/driver.js';
import { grantAccountUsage, grantDatabase, grantTables } from './catalog/grants.js';
import { probe, schemas, schemaWeights } from './catalog/queries.js';
import { listDatabases } from './catalog/scopes.js';
import type { Session } from './session/session.js';

/** How many databases are tried; if one beyond that fails, the run's report lists it as a problem anyway. */
const MOST_DATABASES = 20;

/**
 * Connection (with role and warehouse), databases, then what account usage offers. A step that fails doesn't stop the
 * rest, except for the connection.
 */
export function checkSnowflake(
  config: SnowflakeConnectionConfig,
  context: SourceContext,
  options: CheckOptions,
  driver?: Driver,
  selection?: Selection
): AsyncIterable<CheckResult> {
  return checkInSession(config, context, driver, async function* (session, { role }) {
    yield* checkDatabases(session, config, role, selection);
    yield* checkAccountUsage(session, config, role, options);
  });
}

async function* checkDatabases(
  session: Session,
  config: SnowflakeConnectionConfig,
  role: string,
  selection: Selection | undefined
): AsyncGenerator<CheckResult> {
  let names: string[];
  try {
    names = (await listDatabases(session, config, role)).map((row) => row.text('name'));
  } catch (error) {
    session.context.signal.throwIfAborted();
    yield failed('databases', true, error);
    return;
  }
  if (names.length === 0) {
    yield {
      name: 'databases',
      passed: false,
      mandatory: true,
      message: `Role ${role} sees no database.`,
      remedy: grantDatabase('MY_DATABASE', role),
    };
    return;
  }
  yield passed(
    'databases',
    true,
    `Role ${role} sees ${names.length === 1 ? `database ${names[0] ?? ''}` : `${names.length} databases`}.`
  );
  const selected = names.filter((name) => selection?.database(name) === undefined);
  const tried = selected.slice(0, MOST_DATABASES);
  for (const name of tried) yield* checkDatabase(session, name, role, config.database !== undefined);
  if (selected.length > tried.length) {
    yield passed('databases', false, `The first ${tried.length} of ${selected.length} databases were tried.`);
  }
}

async function* checkDatabase(
  session: Session,
  database: string,
  role: string,
  mandatory: boolean
): AsyncGenerator<CheckResult> {
  const name = `database ${database}`;
  try {
    const found = await session.all({ ...schemas(database), sql: `${schemas(database).sql} LIMIT 1` });
    const counts = await session.all({ ...schemaWeights(database), sql: `${schemaWeights(database).sql} LIMIT 1` });
    if (found.length === 0) {
      yield {
        name,
        passed: false,
        mandatory: false,
        message: `Role ${role} sees no schema of ${database}.`,
        remedy: grantDatabase(database, role),
      };
    } else if (counts.length === 0) {
      yield {
        name,
        passed: false,
        mandatory: false,
        message: `Role ${role} sees no table of ${database}.`,
        remedy: grantTables(database, role),
      };
    } else yield passed(name, mandatory, `The catalog of ${database} can be read.`);
  } catch (error) {
    session.context.signal.throwIfAborted();
    yield { ...failed(name, mandatory, error), remedy: grantDatabase(database, role) };
  }
}

async function* checkAccountUsage(
  session: Session,
  config: SnowflakeConnectionConfig,
  role: string,
  options: CheckOptions
): AsyncGenerator<CheckResult> {
  const { rowChanges = false } = options;
  const views: readonly { readonly view: string; readonly wanted: boolean; readonly without: string }[] = [
    { view: 'TAG_REFERENCES', wanted: options.includeTags, without: 'tags are not read' },
    {
      view: 'PROCEDURES',
      wanted: options.includeStoredProcedures,
      without: 'only procedures the role has a grant on are read',
    },
    {
      view: 'FUNCTIONS',
      wanted: options.includeStoredProcedures,
      without: 'only functions the role has a grant on are read',
    },
    {
      view: 'TABLES',
      wanted: options.changedSince !== undefined,
      without: 'incremental runs do not notice dropped tables',
    },
    { view: 'QUERY_HISTORY', wanted: rowChanges, without: 'system profiles have no statements' },
    {
      view: 'ACCESS_HISTORY',
      wanted: rowChanges && config.useAccessHistory,
      without: 'system profiles tell the tables by the texts of QUERY_HISTORY',
    },
    {
      view: 'DYNAMIC_TABLE_REFRESH_HISTORY',
      wanted: rowChanges,
      without: 'system profiles lack the refreshes of dynamic tables',
    },
  ];
  for (const { view, wanted, without } of views) {
    if (!wanted) continue;
    const name = `${config.accountUsageSchema}.${view}`;
    try {
      await session.all(probe(config.accountUsageSchema, view));
      yield passed(name, false, `${name} can be read.`);
    } catch (error) {
      session.context.signal.throwIfAborted();
      const { message } = failed(name, false, error);
      yield {
        name,
        passed: false,
        mandatory: false,
        right: true,
        message: `${message} Without it ${without}.`,
        remedy: grantAccountUsage(config.accountUsageSchema, role),
      };
    }
  }
}
