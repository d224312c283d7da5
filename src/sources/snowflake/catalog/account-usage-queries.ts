/**
 * The SQL on the account usage views (or the copies `accountUsageSchema` names); they lag behind the catalog by up to
 * two hours.
 */
import type { SchemaRef, ScopeRef } from '../../source.js';
import { quoteWrittenPath } from './identifiers.js';
import { informationSchema, marks } from './queries.js';
import type { Statement } from '../session/session.js';
import { countWords } from '../../../contract/count-words.js';

const TAG_FIELDS = 'DOMAIN, TAG_NAME, TAG_VALUE, OBJECT_DATABASE, OBJECT_NAME, COLUMN_NAME';
// Snowflake names a tagged database in OBJECT_NAME; some copies of the view have it in OBJECT_DATABASE.
const TAG_OF_DATABASE = `DOMAIN = 'DATABASE' AND COALESCE(OBJECT_NAME, OBJECT_DATABASE) = ?`;

/** Tags set on a database itself and on its schemas. */
export function scopeTags(accountUsageSchema: string, database: string): Statement {
  return {
    sql: `SELECT ${TAG_FIELDS} FROM ${quoteWrittenPath(accountUsageSchema)}.TAG_REFERENCES
WHERE OBJECT_DELETED IS NULL AND ((${TAG_OF_DATABASE}) OR (DOMAIN = 'SCHEMA' AND OBJECT_DATABASE = ?))
ORDER BY DOMAIN, OBJECT_NAME, TAG_NAME`,
    binds: [database, database],
    doing: `reading the tags of ${database}`,
  };
}

/**
 * Tags that apply to one schema: those of its database, its own, those of its routines, then those of tables from
 * `firstTable` on, by table (without it, no tags of tables).
 */
export function schemaTags(
  accountUsageSchema: string,
  { database, schema }: SchemaRef,
  firstTable: string | undefined
): Statement {
  const tables = firstTable === undefined ? '' : ' OR OBJECT_NAME >= ?';
  return {
    sql: `SELECT ${TAG_FIELDS} FROM ${quoteWrittenPath(accountUsageSchema)}.TAG_REFERENCES
WHERE OBJECT_DELETED IS NULL AND (
  (${TAG_OF_DATABASE}) OR (DOMAIN = 'SCHEMA' AND OBJECT_DATABASE = ? AND OBJECT_NAME = ?)
  OR (OBJECT_DATABASE = ? AND OBJECT_SCHEMA = ? AND (DOMAIN IN ('PROCEDURE', 'FUNCTION')${tables})))
ORDER BY CASE DOMAIN WHEN 'DATABASE' THEN 0 WHEN 'SCHEMA' THEN 1 WHEN 'PROCEDURE' THEN 2 WHEN 'FUNCTION' THEN 2 ELSE 3 END,
  OBJECT_NAME, COLUMN_NAME, TAG_NAME`,
    binds: [database, database, schema, database, schema, ...(firstTable === undefined ? [] : [firstTable])],
    doing: `reading the tags of ${database}.${schema}`,
  };
}

/** What `RoutineReader` reads: live ones, or with `changedSince` (epoch milliseconds) also those dropped since. */
export function routines(
  accountUsageSchema: string,
  { database, schema }: SchemaRef,
  after: string | undefined,
  changedSince?: number
): Statement {
  const views = quoteWrittenPath(accountUsageSchema);
  const later = after === undefined ? '' : ' AND NAME > ?';
  const gone =
    changedSince === undefined ? 'DELETED IS NULL' : `(DELETED IS NULL OR DELETED >= ${timestamp(changedSince)})`;
  const select = (what: 'PROCEDURE' | 'FUNCTION'): string =>
    `SELECT '${what}' AS KIND, ${what}_NAME AS NAME, ${what}_LANGUAGE AS LANGUAGE, ${what}_DEFINITION AS BODY, ARGUMENT_SIGNATURE AS SIGNATURE,
  COMMENT, CASE WHEN DELETED IS NULL THEN 'N' ELSE 'Y' END AS GONE FROM ${views}.${what}S WHERE ${what}_CATALOG = ? AND ${what}_SCHEMA = ? AND ${gone}`;
  return routineList(select, [database, schema, database, schema], later, after, { database, schema });
}

/** The same, from the database's own catalog, for roles that may not read account usage. */
export function ownRoutines({ database, schema }: SchemaRef, after: string | undefined): Statement {
  const views = informationSchema(database);
  const later = after === undefined ? '' : ' AND NAME > ?';
  const select = (what: 'PROCEDURE' | 'FUNCTION'): string =>
    `SELECT '${what}' AS KIND, ${what}_NAME AS NAME, ${what}_LANGUAGE AS LANGUAGE, ${what}_DEFINITION AS BODY, ARGUMENT_SIGNATURE AS SIGNATURE,
  COMMENT, 'N' AS GONE FROM ${views}.${what}S WHERE ${what}_SCHEMA = ?`;
  return routineList(select, [schema, schema], later, after, { database, schema });
}

function routineList(
  select: (what: 'PROCEDURE' | 'FUNCTION') => string,
  binds: readonly string[],
  later: string,
  after: string | undefined,
  { database, schema }: SchemaRef
): Statement {
  return {
    sql: `SELECT * FROM (${select('PROCEDURE')}
UNION ALL ${select('FUNCTION')}) R
WHERE NAME IS NOT NULL${later} ORDER BY NAME, GONE, KIND DESC, SIGNATURE`,
    binds: [...binds, ...(after === undefined ? [] : [after])],
    doing: `listing the procedures and functions of ${database}.${schema}`,
  };
}

export function existingRoutines(
  accountUsageSchema: string,
  { database, schema }: SchemaRef,
  names: readonly string[]
): Statement {
  const views = quoteWrittenPath(accountUsageSchema);
  const select = (what: 'PROCEDURE' | 'FUNCTION'): string =>
    `SELECT ${what}_NAME AS NAME FROM ${views}.${what}S WHERE ${what}_CATALOG = ? AND ${what}_SCHEMA = ? AND DELETED IS NULL AND ${what}_NAME IN (${marks(names)})`;
  return {
    sql: `${select('PROCEDURE')} UNION ${select('FUNCTION')}`,
    binds: [database, schema, ...names, database, schema, ...names],
    doing: `looking for procedures and functions of ${database}.${schema}`,
  };
}

/** Names after `after` with a change since then; LIVE_ROWS is 0 when every table of that name is dropped. */
export function changes(
  accountUsageSchema: string,
  { database, schema }: SchemaRef,
  after: string | undefined,
  changedSince: number
): Statement {
  const since = timestamp(changedSince);
  return {
    sql: `SELECT TABLE_NAME, SUM(CASE WHEN DELETED IS NULL THEN 1 ELSE 0 END) AS LIVE_ROWS
FROM ${quoteWrittenPath(accountUsageSchema)}.TABLES
WHERE TABLE_CATALOG = ? AND TABLE_SCHEMA = ?${after === undefined ? '' : ' AND TABLE_NAME > ?'} AND (LAST_DDL >= ${since} OR DELETED >= ${since})
GROUP BY TABLE_NAME ORDER BY TABLE_NAME`,
    binds: [database, schema, ...(after === undefined ? [] : [after])],
    doing: `reading what changed in ${database}.${schema}`,
  };
}

function timestamp(epochMilliseconds: number): string {
  return `TO_TIMESTAMP_LTZ(${Math.trunc(epochMilliseconds)}, 3)`;
}

interface Place {
  readonly view: string;
  readonly name: string;
  /** Condition on what contains it. */
  readonly within: string;
  readonly binds: readonly string[];
}

/** Where account usage keeps what exists and what used to. */
const PLACES: Readonly<Record<'database' | 'schema', (ref: SchemaRef) => Place>> = {
  database: () => ({ view: 'DATABASES', name: 'DATABASE_NAME', within: '', binds: [] }),
  schema: ({ database }) => ({
    view: 'SCHEMATA',
    name: 'SCHEMA_NAME',
    within: 'CATALOG_NAME = ? AND ',
    binds: [database],
  }),
};

/** How many rows of each of `names` are not dropped; no row for a name that account usage never had. */
export function liveness(
  accountUsageSchema: string,
  { database, schema }: ScopeRef,
  entity: 'database' | 'schema',
  names: readonly string[]
): Statement {
  const views = quoteWrittenPath(accountUsageSchema);
  const { view, name, within, binds } = PLACES[entity]({ database: database ?? '', schema: schema ?? '' });
  return {
    sql: `SELECT ${name} AS NAME, SUM(CASE WHEN DELETED IS NULL THEN 1 ELSE 0 END) AS LIVE_ROWS
FROM ${views}.${view} WHERE ${within}${name} IN (${marks(names)}) GROUP BY ${name}`,
    binds: [...binds, ...names],
    doing: `asking account usage what became of ${countWords(names.length, 'name', 'names')}`,
  };
}

/** Whether the role may read the views that list routines, without reading them. */
export function probeRoutines(accountUsageSchema: string): Statement {
  const views = quoteWrittenPath(accountUsageSchema);
  return {
    sql: `SELECT 1 AS FOUND FROM ${views}.PROCEDURES UNION ALL SELECT 1 FROM ${views}.FUNCTIONS LIMIT 1`,
    doing: `reading ${accountUsageSchema}.PROCEDURES and FUNCTIONS`,
  };
}
