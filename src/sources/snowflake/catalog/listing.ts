import { PermanentError } from '../../../errors/index.js';
import type { NameRange, SchemaRef } from '../../source.js';
import type { SnowflakeConnectionConfig } from '../config.js';
import { isTooMuchData } from '../errors.js';
import { compareNames } from '../../common/binary-order.js';
import { existingSchema, tables } from './queries.js';
import type { Row } from '../session/row.js';
import { listSemanticViews } from './semantic-views.js';
import type { Session } from '../session/session.js';
import { listStages } from './stages.js';
import { listStreams } from './streams.js';
import { tableType } from './table-type.js';
import type { ListedObject } from './listed-object.js';

/** Tables listed in one statement when the whole schema is too much for INFORMATION_SCHEMA. */
const TABLES_PER_PAGE = 1_000;

type ListingConfig = Pick<SnowflakeConnectionConfig, 'includeStreams' | 'includeStages' | 'includeSemanticViews'>;

/**
 * Tables, views and, where the recipe wants them, streams, stages and semantic views of a schema in a range of names,
 * in order of name. In OpenMetadata they share one namespace: a stream or stage with a table's name comes after it,
 * marked as the second.
 */
export async function* listObjects(
  session: Session,
  schema: SchemaRef,
  config: ListingConfig,
  names: NameRange
): AsyncGenerator<ListedObject> {
  const others = await listOthers(session, schema, config, names);
  let next = 0;
  for await (const row of listTables(session, schema, names)) {
    const table = toTable(row);
    const alike: ListedObject[] = [];
    for (
      let other = others[next];
      other !== undefined && compareNames(other.name, table.name) <= 0;
      other = others[next]
    ) {
      next += 1;
      if (other.name === table.name) alike.push({ ...other, isSecond: true });
      else yield other;
    }
    yield table;
    yield* alike;
  }
  yield* others.slice(next);
}

async function listOthers(
  session: Session,
  schema: SchemaRef,
  config: ListingConfig,
  { after, until }: NameRange
): Promise<ListedObject[]> {
  const listed = [
    ...(config.includeSemanticViews ? await listSemanticViews(session, schema) : []),
    ...(config.includeStreams ? await listStreams(session, schema) : []),
    ...(config.includeStages ? await listStages(session, schema) : []),
  ].filter(
    ({ name }) =>
      (after === undefined || compareNames(name, after) > 0) && (until === undefined || compareNames(name, until) <= 0)
  );
  const names = new Set<string>();
  const marked = listed.map((object) => {
    const isSecond = names.has(object.name);
    names.add(object.name);
    return isSecond ? { ...object, isSecond } : object;
  });
  // The first with a name stays first.
  return marked.sort((left, right) => compareNames(left.name, right.name));
}

async function* listTables(session: Session, schema: SchemaRef, names: NameRange): AsyncGenerator<Row> {
  let listed = 0;
  try {
    for await (const row of session.stream(tables(schema, names))) {
      listed += 1;
      yield row;
    }
  } catch (error) {
    if (!isTooMuchData(error) || listed > 0) throw error;
    yield* listPages(session, schema, names);
    return;
  }
  if (listed === 0 && names.after === undefined) await expectSchema(session, schema);
}

async function* listPages(session: Session, schema: SchemaRef, names: NameRange): AsyncGenerator<Row> {
  session.context.onWarning(
    `INFORMATION_SCHEMA.TABLES of ${schema.database}.${schema.schema} is too much for one answer (90030): it is read in pages of ${TABLES_PER_PAGE}.`
  );
  let place = names;
  for (let count = TABLES_PER_PAGE; count === TABLES_PER_PAGE;) {
    count = 0;
    for await (const row of session.stream(tables(schema, place, TABLES_PER_PAGE))) {
      count += 1;
      place = { ...names, after: row.text('TABLE_NAME') };
      yield row;
    }
  }
}

/** The catalog returns no rows for a schema that doesn't exist (any more): it must not be taken for an empty one. */
async function expectSchema(session: Session, ref: SchemaRef): Promise<void> {
  if ((await session.all(existingSchema(ref))).length > 0) return;
  throw new PermanentError(`Schema ${ref.database}.${ref.schema} does not exist, or the role may not see it.`, {
    remedy: 'If it is there, grant the role USAGE on it.',
  });
}

function toTable(row: Row): ListedObject {
  const description = row.optionalText('COMMENT');
  const createdAt = row.optionalNumber('CREATED_MS');
  const lastDdl = row.optionalNumber('LAST_DDL_MS');
  const clusteringKey = row.optionalText('CLUSTERING_KEY');
  return {
    name: row.text('TABLE_NAME'),
    tableType: tableType(row),
    ...(description === undefined ? {} : { description }),
    // 0 is how the views of INFORMATION_SCHEMA itself say that they were never created.
    ...(createdAt === undefined || createdAt <= 0 ? {} : { createdAt }),
    ...(lastDdl === undefined ? {} : { lastDdl }),
    ...(clusteringKey === undefined ? {} : { clusteringKey }),
  };
}
