/**
 * The SQL of metadata reads. Names come quoted, values are bound; every list comes in the order that its reader relies
 * on.
 */
import type { NameRange, SchemaRef } from '../../source.js';
import { COLUMN_LIST } from './column-list.js';
import { quoteName, quotePath, quoteText, quoteWrittenPath } from './identifiers.js';
import type { Statement } from '../session/session.js';
import { countWords } from '../../../contract/count-words.js';

export const IDENTITY: Statement = {
  sql: `SELECT CURRENT_ROLE() AS ROLE_NAME, CURRENT_WAREHOUSE() AS WAREHOUSE_NAME,
  CURRENT_ORGANIZATION_NAME() AS ORGANIZATION_NAME, CURRENT_ACCOUNT_NAME() AS ACCOUNT_NAME, CURRENT_VERSION() AS VERSION`,
  doing: 'asking for role and warehouse of the session',
};

export function alterSession(parameters: Readonly<Record<string, string | number | boolean>>): Statement {
  const settings = Object.entries(parameters).map(
    ([name, value]) => `${name} = ${typeof value === 'string' ? quoteText(value) : String(value).toUpperCase()}`
  );
  return {
    sql: `ALTER SESSION SET ${settings.join(' ')}`,
    doing: `setting session parameters (${Object.keys(parameters).join(', ')})`,
  };
}

export function schemas(database: string): Statement {
  return {
    sql: `SELECT SCHEMA_NAME, COMMENT FROM ${informationSchema(database)}.SCHEMATA ORDER BY SCHEMA_NAME`,
    doing: `listing the schemas of ${database}`,
  };
}

export function schemaWeights(database: string): Statement {
  return {
    sql: `SELECT TABLE_SCHEMA, COUNT(*) AS TABLE_COUNT FROM ${informationSchema(database)}.TABLES GROUP BY TABLE_SCHEMA ORDER BY TABLE_SCHEMA`,
    doing: `counting the tables of ${database}`,
  };
}

/** Names after `after`; with `limit`, only that many. */
export function tables({ database, schema }: SchemaRef, { after, until }: NameRange, limit?: number): Statement {
  return {
    sql: `SELECT TABLE_NAME, TABLE_TYPE, IS_TRANSIENT, IS_DYNAMIC, IS_ICEBERG, CLUSTERING_KEY, COMMENT,
  DATE_PART(EPOCH_MILLISECOND, CREATED) AS CREATED_MS, DATE_PART(EPOCH_MILLISECOND, LAST_DDL) AS LAST_DDL_MS
FROM ${informationSchema(database)}.TABLES
WHERE TABLE_SCHEMA = ?${after === undefined ? '' : ' AND TABLE_NAME > ?'}${until === undefined ? '' : ' AND TABLE_NAME <= ?'}
ORDER BY TABLE_NAME${limit === undefined ? '' : ` LIMIT ${limit}`}`,
    binds: [schema, ...(after === undefined ? [] : [after]), ...(until === undefined ? [] : [until])],
    doing: `listing the tables of ${database}.${schema}`,
  };
}

/** Just the names of a schema's tables, in order. */
export function tableNames({ database, schema }: SchemaRef): Statement {
  return {
    sql: `SELECT TABLE_NAME FROM ${informationSchema(database)}.TABLES WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME`,
    binds: [schema],
    doing: `listing the names of the tables of ${database}.${schema}`,
  };
}

/** Columns of all tables from `first` on, up to `until` where it is given. */
export function columnsFrom({ database, schema }: SchemaRef, first: string, until?: string): Statement {
  return {
    sql: `SELECT TABLE_NAME, ${COLUMN_LIST} FROM ${informationSchema(database)}.COLUMNS
WHERE TABLE_SCHEMA = ? AND TABLE_NAME >= ?${until === undefined ? '' : ' AND TABLE_NAME <= ?'} GROUP BY TABLE_NAME ORDER BY TABLE_NAME`,
    binds: [schema, first, ...(until === undefined ? [] : [until])],
    doing: `listing the columns of ${database}.${schema}`,
  };
}

export function columnsOf({ database, schema }: SchemaRef, names: readonly string[]): Statement {
  return {
    sql: `SELECT TABLE_NAME, ${COLUMN_LIST} FROM ${informationSchema(database)}.COLUMNS
WHERE TABLE_SCHEMA = ? AND TABLE_NAME IN (${marks(names)}) GROUP BY TABLE_NAME ORDER BY TABLE_NAME`,
    binds: [schema, ...names],
    doing: `listing the columns of ${names.length === 1 ? `${database}.${schema}.${names[0] ?? ''}` : `${names.length} tables of ${database}.${schema}`}`,
  };
}

/** Columns of tables in any schemas of one database: the tables behind a page of streams. */
export function columnsOfSeveral(
  database: string,
  tables: readonly { readonly schema: string; readonly table: string }[]
): Statement {
  return {
    sql: `SELECT TABLE_SCHEMA, TABLE_NAME, ${COLUMN_LIST} FROM ${informationSchema(database)}.COLUMNS
WHERE ${tables.map(() => '(TABLE_SCHEMA = ? AND TABLE_NAME = ?)').join(' OR ')} GROUP BY TABLE_SCHEMA, TABLE_NAME ORDER BY TABLE_SCHEMA, TABLE_NAME`,
    binds: tables.flatMap(({ schema, table }) => [schema, table]),
    doing: `listing the columns of ${countWords(tables.length, 'table', 'tables')} of ${database} with streams`,
  };
}

/** Views' SQL from `first` on. */
export function viewsFrom({ database, schema }: SchemaRef, first: string): Statement {
  return {
    sql: `SELECT TABLE_NAME, VIEW_DEFINITION FROM ${informationSchema(database)}.VIEWS
WHERE TABLE_SCHEMA = ? AND TABLE_NAME >= ? ORDER BY TABLE_NAME`,
    binds: [schema, first],
    doing: `listing the views of ${database}.${schema}`,
  };
}

export type KeyKind = 'PRIMARY' | 'UNIQUE' | 'IMPORTED';

export function keys(kind: KeyKind, { database, schema }: SchemaRef, table?: string): Statement {
  const scope =
    table === undefined ? `SCHEMA ${quotePath(database, schema)}` : `TABLE ${quotePath(database, schema, table)}`;
  return {
    sql: `SHOW ${kind} KEYS IN ${scope}`,
    doing: `listing the ${kind.toLowerCase()} keys of ${[database, schema, table].filter((part) => part !== undefined).join('.')}`,
  };
}

/** GET_DDL of several objects at once: the function takes constants only, so each is a separate SELECT. */
export function ddl(
  { database, schema }: SchemaRef,
  objects: readonly { readonly kind: string; readonly name: string }[]
): Statement {
  const selects = objects.map(
    ({ kind, name }) =>
      `SELECT ${quoteText(name)} AS OBJECT_NAME, GET_DDL(${quoteText(kind)}, ${quoteText(quotePath(database, schema, name))}) AS DDL`
  );
  return {
    sql: selects.join('\nUNION ALL '),
    doing: `asking for the DDL of ${countWords(objects.length, 'object', 'objects')} of ${database}.${schema}`,
  };
}

/**
 * Semantic views with their dimensions and facts as columns, by view; a view without any gives one row without
 * FIELD_NAME.
 */
export function semanticViews({ database, schema }: SchemaRef): Statement {
  const views = informationSchema(database);
  const fields = ['DIMENSIONS', 'FACTS']
    .map(
      (what) =>
        `SELECT SEMANTIC_VIEW_SCHEMA AS VIEW_SCHEMA, SEMANTIC_VIEW_NAME AS VIEW_NAME, TABLE_NAME, NAME, DATA_TYPE, COMMENT FROM ${views}.SEMANTIC_${what}`
    )
    .join('\n  UNION ALL ');
  return {
    sql: `SELECT V.NAME AS NAME, V.COMMENT AS COMMENT, F.NAME AS COLUMN_NAME, F.DATA_TYPE AS DATA_TYPE, F.COMMENT AS FIELD_COMMENT
FROM ${views}.SEMANTIC_VIEWS V LEFT JOIN (${fields}) F ON F.VIEW_SCHEMA = V.SCHEMA AND F.VIEW_NAME = V.NAME
WHERE V.SCHEMA = ? ORDER BY V.NAME, F.TABLE_NAME, F.NAME`,
    binds: [schema],
    doing: `listing the semantic views of ${database}.${schema}`,
  };
}

export function existingSchema({ database, schema }: SchemaRef): Statement {
  return {
    sql: `SELECT SCHEMA_NAME FROM ${informationSchema(database)}.SCHEMATA WHERE SCHEMA_NAME = ?`,
    binds: [schema],
    doing: `looking for schema ${database}.${schema}`,
  };
}

export function existingTables({ database, schema }: SchemaRef, names: readonly string[]): Statement {
  return {
    sql: `SELECT TABLE_NAME FROM ${informationSchema(database)}.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME IN (${marks(names)})`,
    binds: [schema, ...names],
    doing: `looking for tables of ${database}.${schema}`,
  };
}

export function grantsTo(role: string): Statement {
  return { sql: `SHOW GRANTS TO ROLE ${quoteName(role)}`, doing: `listing the grants of role ${role}` };
}

/** Whether the role may read one of the account usage views, without reading it. */
export function probe(accountUsageSchema: string, view: string): Statement {
  return {
    sql: `SELECT 1 AS FOUND FROM ${quoteWrittenPath(accountUsageSchema)}.${view} LIMIT 1`,
    doing: `reading ${accountUsageSchema}.${view}`,
  };
}

export function informationSchema(database: string): string {
  return `${quoteName(database)}.INFORMATION_SCHEMA`;
}

export function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}
