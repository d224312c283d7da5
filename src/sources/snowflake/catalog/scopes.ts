import { IngestionError, PermanentError } from '../../../errors/index.js';
import type { SourceScope } from '../../records.js';
import type { Selection } from '../../source.js';
import type { SnowflakeConnectionConfig } from '../config.js';
import { isTooMuchData } from '../errors.js';
import { grantDatabase } from './grants.js';
import { compareNames } from '../../common/binary-order.js';
import { findName, quoteText } from './identifiers.js';
import { schemas, schemaWeights } from './queries.js';
import type { Row } from '../session/row.js';
import type { Session } from '../session/session.js';
import { showAll } from './show.js';
import { SortedRows } from '../session/sorted-rows.js';
import type { UrlPlace } from './source-url.js';
import { NO_SCOPE_TAGS, readScopeTags, type ScopeTags } from './tags.js';

export interface ScopeReadInput {
  readonly session: Session;
  readonly config: SnowflakeConnectionConfig;
  readonly role: string;
  readonly selection: Selection;
  readonly includeTags: boolean;
  readonly sourceUrl: (place: UrlPlace) => string | undefined;
}

/** Databases in order of name, each followed by its schemas in order. Two or three statements per selected database. */
export async function* readScopes(input: ScopeReadInput): AsyncGenerator<SourceScope> {
  for (const row of await listDatabases(input.session, input.config, input.role)) {
    const database = row.text('name');
    const reason = await input.selection.database(database);
    if (reason !== undefined) {
      yield { kind: 'unselected', entity: 'database', database, reason };
      continue;
    }
    yield* readDatabase(database, row.optionalText('comment'), input);
  }
}

/** Every database the role sees, or only the recipe's. */
export async function listDatabases(session: Session, config: SnowflakeConnectionConfig, role: string): Promise<Row[]> {
  if (config.database === undefined) return showAll(session, { sql: 'SHOW DATABASES', doing: 'listing the databases' });
  // LIKE takes `_` as any character and ignores case: the exact name is picked out of what it finds.
  const rows = await showAll(session, {
    sql: `SHOW DATABASES LIKE ${quoteText(config.database)}`,
    doing: `looking for database ${config.database}`,
  });
  const name = findName(
    config.database,
    rows.map((row) => row.text('name'))
  );
  if (name !== undefined) return rows.filter((row) => row.text('name') === name);
  throw new PermanentError(`Database ${config.database} does not exist, or role ${role} may not use it.`, {
    where: 'source.serviceConnection.config.database',
    remedy: grantDatabase(config.database.toUpperCase(), role),
  });
}

async function* readDatabase(
  database: string,
  comment: string | undefined,
  input: ScopeReadInput
): AsyncGenerator<SourceScope> {
  const { session, config, includeTags } = input;
  const listing = new SortedRows(session.batches(schemas(database)), 'SCHEMA_NAME');
  const weights = new SortedRows(session.batches(schemaWeights(database)), 'TABLE_SCHEMA');
  try {
    const failure = await firstFailure(listing);
    if (failure !== undefined) {
      yield {
        kind: 'problem',
        entity: 'database',
        database,
        message: `${failure.describe()} ${grantDatabase(database, input.role)}`,
      };
      return;
    }
    const tags: ScopeTags = includeTags
      ? await readScopeTags(session, config.accountUsageSchema, database)
      : NO_SCOPE_TAGS;
    const sourceUrl = input.sourceUrl({ database });
    yield {
      kind: 'database',
      name: database,
      ...(comment === undefined ? {} : { description: comment }),
      ...(sourceUrl === undefined ? {} : { sourceUrl }),
      ...(tags.database.length === 0 ? {} : { tags: tags.database }),
    };
    for (let row = await listing.takeNext(); row !== undefined; row = await listing.takeNext()) {
      yield await toScope(database, row, weights, tags, input);
    }
  } finally {
    await listing.close();
    await weights.close();
  }
}

async function toScope(
  database: string,
  row: Row,
  weights: SortedRows,
  tags: ScopeTags,
  input: ScopeReadInput
): Promise<SourceScope> {
  const name = row.text('SCHEMA_NAME');
  const reason = await input.selection.schema(database, name);
  if (reason !== undefined) return { kind: 'unselected', entity: 'schema', database, schema: name, reason };
  const description = row.optionalText('COMMENT');
  const sourceUrl = input.sourceUrl({ database, schema: name });
  const schemaTags = tags.ofSchema(name);
  return {
    kind: 'schema',
    database,
    name,
    ...(description === undefined ? {} : { description }),
    ...(sourceUrl === undefined ? {} : { sourceUrl }),
    ...(schemaTags.length === 0 ? {} : { tags: schemaTags }),
    weight: await weightOf(name, weights),
  };
}

/** It only serves to divide the work, so a catalog too large to be counted (90030) is no reason to stop. */
async function weightOf(schema: string, weights: SortedRows): Promise<number> {
  try {
    const [row] = await weights.take(schema);
    return row?.optionalNumber('TABLE_COUNT') ?? 0;
  } catch (error) {
    if (!isTooMuchData(error)) throw error;
    return 0;
  }
}

/** What keeps a database from being listed at all, unless a retry may help. */
async function firstFailure(listing: SortedRows): Promise<IngestionError | undefined> {
  try {
    await listing.peek();
    return undefined;
  } catch (error) {
    if (error instanceof IngestionError && error.consequence === 'permanent') return error;
    throw error;
  }
}

/** Those of `names` that are in the listing. */
export function namesAmong(names: readonly string[], rows: readonly Row[], column: string): string[] {
  const existing = new Set(rows.map((row) => row.text(column)));
  return names.filter((name) => existing.has(name)).sort(compareNames);
}
