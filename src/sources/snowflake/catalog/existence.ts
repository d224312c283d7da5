import { IngestionError } from '../../../errors/index.js';
import type { SchemaRef } from '../../source.js';
import { existingRoutines } from './account-usage-queries.js';
import { isNotAuthorized } from '../errors.js';
import { existingTables, schemas } from './queries.js';
import { ownRoutines } from './account-usage-queries.js';
import { namesAmong } from './scopes.js';
import { listSemanticViews } from './semantic-views.js';
import type { Session } from '../session/session.js';
import { showAll } from './show.js';
import { stagesAmong } from './stages.js';
import { listStreams } from './streams.js';

/**
 * Of `names`, the tables, views, streams, stages and semantic views that exist, whatever the recipe's flags leave out.
 */
export async function tablesStillThere(
  session: Session,
  schema: SchemaRef,
  names: readonly string[]
): Promise<string[]> {
  if (names.length === 0) return [];
  const there = new Set(namesAmong(names, await session.all(existingTables(schema, names)), 'TABLE_NAME'));
  const others = [
    async () => (await listStreams(session, schema)).map(({ name }) => name),
    (left: readonly string[]) => stagesAmong(session, schema, left),
    async () => (await listSemanticViews(session, schema)).map(({ name }) => name),
  ];
  for (const find of others) {
    const left = names.filter((name) => !there.has(name));
    if (left.length === 0) break;
    for (const name of await find(left)) there.add(name);
  }
  return names.filter((name) => there.has(name));
}

export async function routinesStillThere(
  session: Session,
  accountUsageSchema: string,
  schema: SchemaRef,
  names: readonly string[]
): Promise<string[]> {
  if (names.length === 0) return [];
  try {
    return namesAmong(names, await session.all(existingRoutines(accountUsageSchema, schema, names)), 'NAME');
  } catch (error) {
    if (!isNotAuthorized(error)) throw error;
  }
  const wanted = new Set(names);
  const there = new Set<string>();
  for await (const row of session.stream(ownRoutines(schema, undefined))) {
    const name = row.text('NAME');
    if (wanted.has(name)) there.add(name);
  }
  return names.filter((name) => there.has(name));
}

export async function databasesStillThere(session: Session, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  return namesAmong(names, await showAll(session, { sql: 'SHOW DATABASES', doing: 'looking for databases' }), 'name');
}

/** None when the database itself is gone. */
export async function schemasStillThere(
  session: Session,
  database: string,
  names: readonly string[]
): Promise<string[]> {
  if (names.length === 0) return [];
  const wanted = new Set(names);
  const there: string[] = [];
  try {
    for await (const row of session.stream(schemas(database))) {
      const name = row.text('SCHEMA_NAME');
      if (wanted.has(name)) there.push(name);
    }
  } catch (error) {
    if (!(error instanceof IngestionError) || !isNotAuthorized(error)) throw error;
    if ((await databasesStillThere(session, [database])).length > 0) throw error;
    return [];
  }
  return there;
}
