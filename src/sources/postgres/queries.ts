/**
 * The catalogue statements, each for a whole database or schema. They read pg_catalog, which shows every object to
 * everybody who may connect, whatever their rights: what isn't listed doesn't exist. Names come in binary order. What
 * belongs to a table is in its row, which the server composes with its own indexes: one statement, one moment, one
 * connection.
 */
import { z } from 'zod';
import { closedTable } from '../common/check-rows.js';
import { HIDES_ROWS, HIDING_VIEWS } from '../common/postgres-hidden-rows.js';
import { statement, type Statement } from '../common/statement.js';

const text = z.string();
const optionalText = text.nullable();

const databaseRow = z.object({
  name: text,
  comment: optionalText,
  owner: text,
  open: z.boolean(),
  granted: z.boolean(),
});
export type DatabaseRow = z.infer<typeof databaseRow>;

export const DATABASES = statement(
  databaseRow,
  `SELECT datname AS name, pg_catalog.shobj_description(oid, 'pg_database') AS comment, pg_catalog.pg_get_userbyid(datdba)::text AS owner, datallowconn AS open,
  pg_catalog.has_database_privilege(oid, 'CONNECT') AS granted
FROM pg_catalog.pg_database ORDER BY datname::text COLLATE "C"`
);

/** Schemas for sessions' temporary tables and for TOAST don't matter. */
const IS_SCHEMA = "n.nspname NOT LIKE 'pg\\_%'";
/** Partitions are parts of their tables; temporary tables belong to other sessions. */
const IS_TABLE = "c.relkind IN ('r', 'p', 'f', 'v', 'm') AND NOT c.relispartition AND c.relpersistence <> 't'";
const TABLES = `pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND ${IS_TABLE}`;
/** Constructors of range types belong to their types. */
const IS_ROUTINE = `p.prokind IN ('p', 'f') AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend x
    WHERE x.classid = 'pg_catalog.pg_proc'::regclass AND x.objid = p.oid AND x.deptype = 'i')`;
const ROUTINES = `pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace AND ${IS_ROUTINE}`;

export const SCHEMAS = statement(
  z.object({ name: text, comment: optionalText, owner: text, weight: z.coerce.number() }),
  `SELECT n.nspname AS name, pg_catalog.obj_description(n.oid, 'pg_namespace') AS comment, pg_catalog.pg_get_userbyid(n.nspowner)::text AS owner,
  COALESCE(t.tables, 0) + COALESCE(r.routines, 0) AS weight
FROM pg_catalog.pg_namespace n
LEFT JOIN (SELECT relnamespace, COUNT(*) AS tables FROM pg_catalog.pg_class c WHERE ${IS_TABLE} GROUP BY 1) t ON t.relnamespace = n.oid
LEFT JOIN (SELECT pronamespace, COUNT(DISTINCT proname) AS routines FROM pg_catalog.pg_proc p WHERE ${IS_ROUTINE} GROUP BY 1) r ON r.pronamespace = n.oid
WHERE ${IS_SCHEMA} ORDER BY n.nspname::text COLLATE "C"`
);

const nameRow = z.object({ name: text });

export function schemasNamed(names: readonly string[]): Statement<{ name: string }> {
  const sql = 'SELECT nspname AS name FROM pg_catalog.pg_namespace WHERE nspname = ANY ($1::text[])';
  return statement(nameRow, sql, [names]);
}

/** A column: name, oid of its type, type as text, not null, comment, the rest of its line in DDL. */
const column = z.tuple([text, z.number(), text, z.boolean(), optionalText, optionalText]);
export type ColumnFacts = z.infer<typeof column>;

const key = z.object({ primary: z.boolean(), columns: z.array(text) });
const reference = z.object({ columns: z.array(text), schema: text, table: text, referred: z.array(text) });
const partition = z.object({ strategy: text, key: text });

const tableRow = z.object({
  name: text,
  kind: z.enum(['r', 'p', 'f', 'v', 'm']),
  comment: optionalText,
  owner: text,
  unlogged: z.boolean(),
  columns: z.array(column).nullable(),
  keys: z.array(key).nullable(),
  references: z.array(reference).nullable(),
  partition: partition.nullable(),
  tail: optionalText,
  policies: z.array(text).nullable(),
  body: optionalText,
  constraints: z.array(text).nullable(),
});
export type TableRow = z.infer<typeof tableRow>;

/** Names of columns with these numbers, in that order. */
const columnNames = (relation: string, numbers: string): string =>
  `(SELECT json_agg(a.attname ORDER BY k.place) FROM unnest(${numbers}) WITH ORDINALITY AS k (number, place)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = ${relation} AND a.attnum = k.number)`;

/** Those of a foreign table or its column, without values that are secret by their names. */
const options = (list: string): string =>
  `CASE WHEN ${list} IS NOT NULL THEN (SELECT format('OPTIONS (%s)', string_agg(format('%I %L', option_name,
      CASE WHEN option_name ~* 'pass|secret|token|credential|(access|private|api)_?key' THEN '***' ELSE option_value END), ', '))
    FROM pg_options_to_table(${list})) END`;

/** The one of a column that isn't its type's; 100 is the database's. */
const COLLATION = `CASE WHEN a.attcollation NOT IN (0, 100) THEN (SELECT format('COLLATE %I.%I', n.nspname, l.collname) FROM pg_catalog.pg_collation l
    JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace JOIN pg_catalog.pg_type y ON y.oid = a.atttypid WHERE l.oid = a.attcollation AND l.oid <> y.typcollation) END`;

const COLUMNS = `(SELECT json_agg(json_build_array(a.attname, a.atttypid::bigint, format_type(a.atttypid, a.atttypmod), a.attnotnull, d.description,
      concat_ws(' ', ${options('a.attfdwoptions')}, ${COLLATION}, CASE WHEN a.attnotnull THEN 'NOT NULL' END, CASE WHEN a.attidentity = 'a' THEN 'GENERATED ALWAYS AS IDENTITY' WHEN a.attidentity = 'd' THEN 'GENERATED BY DEFAULT AS IDENTITY'
        WHEN f.adbin IS NOT NULL THEN format(CASE a.attgenerated WHEN '' THEN 'DEFAULT %s' WHEN 's' THEN 'GENERATED ALWAYS AS (%s) STORED' ELSE 'GENERATED ALWAYS AS (%s)' END,
          pg_get_expr(f.adbin, f.adrelid)) END)) ORDER BY a.attnum)
    FROM pg_catalog.pg_attribute a
    LEFT JOIN pg_catalog.pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
    LEFT JOIN pg_catalog.pg_description d ON d.objoid = a.attrelid AND d.classoid = 'pg_catalog.pg_class'::regclass AND d.objsubid = a.attnum
    WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped)`;

const KEYS = `(SELECT json_agg(json_build_object('primary', i.indisprimary, 'columns',
      ${columnNames('i.indrelid', '(i.indkey::int2[])[0:i.indnkeyatts - 1]')}) ORDER BY i.indisprimary DESC, x.relname)
    FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
    WHERE i.indrelid = t.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL)`;

const REFERENCES = `(SELECT json_agg(json_build_object('columns', ${columnNames('o.conrelid', 'o.conkey')}, 'schema', m.nspname,
      'table', e.relname, 'referred', ${columnNames('o.confrelid', 'o.confkey')}) ORDER BY o.conname)
    FROM pg_catalog.pg_constraint o JOIN pg_catalog.pg_class e ON e.oid = o.confrelid JOIN pg_catalog.pg_namespace m ON m.oid = e.relnamespace
    WHERE o.conrelid = t.oid AND o.contype = 'f' AND o.conparentid = 0)`;

const PARTITION = `(SELECT json_build_object('strategy', s.partstrat, 'key', pg_get_partkeydef(t.oid)) FROM pg_catalog.pg_partitioned_table s WHERE s.partrelid = t.oid)`;
/** What stands behind the columns of a table's DDL. */
const TAIL = `CASE t.kind WHEN 'p' THEN 'PARTITION BY ' || pg_get_partkeydef(t.oid) WHEN 'f' THEN (SELECT concat_ws(' ', format('SERVER %I', s.srvname), ${options('x.ftoptions')})
    FROM pg_catalog.pg_foreign_table x JOIN pg_catalog.pg_foreign_server s ON s.oid = x.ftserver WHERE x.ftrelid = t.oid)
    ELSE (SELECT format('INHERITS (%s)', string_agg(h.inhparent::regclass::text, ', ' ORDER BY h.inhseqno)) FROM pg_catalog.pg_inherits h WHERE h.inhrelid = t.oid HAVING COUNT(*) > 0) END`;
const POLICIES = '(SELECT json_agg(y.polname ORDER BY y.polname) FROM pg_catalog.pg_policy y WHERE y.polrelid = t.oid)';
const CONSTRAINTS = `(SELECT json_agg(format('CONSTRAINT %I %s', o.conname, pg_get_constraintdef(o.oid, true)) ORDER BY o.contype DESC, o.conname)
    FROM pg_catalog.pg_constraint o WHERE o.conrelid = t.oid AND o.conparentid = 0 AND o.contype IN ('p', 'u', 'f', 'c', 'x'))`;

/**
 * Tables and views after `after`, up to and including `until`. The inner query only sorts names; the outer one builds
 * each row when it is requested.
 */
export function tables(
  schema: string,
  { after, until }: { readonly after: string; readonly until?: string | undefined },
  { includeTags, includeDDL }: { readonly includeTags: boolean; readonly includeDDL: boolean }
): Statement<TableRow> {
  return statement(
    tableRow,
    `SELECT t.name, t.kind, obj_description(t.oid, 'pg_class') AS comment, t.owner, t.unlogged, ${COLUMNS} AS columns, ${KEYS} AS keys,
  ${REFERENCES} AS references, ${PARTITION} AS partition, ${includeTags ? POLICIES : 'NULL::json'} AS policies,
  CASE WHEN t.kind IN ('v', 'm') THEN pg_get_viewdef(t.oid, true) END AS body, ${includeDDL ? CONSTRAINTS : 'NULL::json'} AS constraints,
  ${includeDDL ? TAIL : 'NULL::text'} AS tail
FROM (SELECT c.oid, c.relname::text AS name, c.relkind::text AS kind, pg_get_userbyid(c.relowner)::text AS owner, c.relpersistence = 'u' AS unlogged
  FROM ${TABLES}
  WHERE n.nspname = $1 AND c.relname::text COLLATE "C" > $2
    AND ($3::text IS NULL OR c.relname::text COLLATE "C" <= $3)
  ORDER BY c.relname::text COLLATE "C" OFFSET 0) AS t`,
    [schema, after, until ?? null]
  );
}

/** The names alone, in the order of `tables`. */
export function tableNames(schema: string): Statement<{ name: string }> {
  return statement(
    nameRow,
    `SELECT c.relname::text AS name FROM ${TABLES} WHERE n.nspname = $1 ORDER BY c.relname::text COLLATE "C"`,
    [schema]
  );
}

const typeRow = z.object({
  oid: z.number(),
  name: text,
  kind: text,
  /** For an array. */
  element: z.number(),
  /** The base of a domain, range or multirange: oid and text. */
  base: z.number(),
  baseText: optionalText,
  /** Of a domain itself, whatever its base takes. */
  notNull: z.boolean(),
  /** For a composite type. */
  attributes: z.array(column).nullable(),
});
export type TypeRow = z.infer<typeof typeRow>;

/**
 * Types that aren't the server's own. Of row types, as many as there are tables, only those that columns have. Before
 * 14 no range knows a multirange. A row type refuses no NULL, whatever its table does.
 */
export const TYPES = statement(
  typeRow,
  `WITH used AS (SELECT DISTINCT atttypid AS oid FROM pg_catalog.pg_attribute WHERE attnum > 0 AND NOT attisdropped AND atttypid >= 16384)
SELECT t.oid, t.typname AS name, t.typtype::text AS kind, CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE 0 END AS element,
  COALESCE(NULLIF(t.typbasetype, 0), r.rngsubtype, 0)::oid AS base,
  format_type(COALESCE(NULLIF(t.typbasetype, 0), r.rngsubtype), NULLIF(t.typtypmod, -1)) AS "baseText", t.typnotnull AS "notNull",
  (SELECT json_agg(json_build_array(a.attname, a.atttypid::bigint, format_type(a.atttypid, a.atttypmod), false, NULL, NULL) ORDER BY a.attnum)
    FROM pg_catalog.pg_attribute a WHERE a.attrelid = k.oid AND a.attnum > 0 AND NOT a.attisdropped) AS attributes
FROM pg_catalog.pg_type t
LEFT JOIN pg_catalog.pg_range r ON t.oid IN (r.rngtypid, (to_jsonb(r) ->> 'rngmultitypid')::oid)
LEFT JOIN pg_catalog.pg_class k ON k.oid = t.typrelid AND (k.relkind = 'c' OR t.oid IN (SELECT oid FROM used) OR t.typarray IN (SELECT oid FROM used))
LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem
LEFT JOIN pg_catalog.pg_class ek ON ek.oid = e.typrelid
WHERE (t.oid >= 16384 OR t.typnamespace <> 'pg_catalog'::regnamespace) AND (t.typtype <> 'c' OR k.oid IS NOT NULL) AND (ek.oid IS NULL OR ek.relkind = 'c' OR t.oid IN (SELECT oid FROM used))`
);

const routine = { kind: text, owner: text, language: text, comment: optionalText, types: text, body: optionalText };
const routineRow = z.object({ name: text, overloads: z.array(z.object(routine)) });
export type RoutineRow = z.infer<typeof routineRow>;

/** Procedures and functions after `after`, a row per name. A standard SQL body (from 14 on) isn't in prosrc. */
export function routines(schema: string, after: string, major: number): Statement<RoutineRow> {
  const body = major >= 14 ? "COALESCE(NULLIF(p.prosrc, ''), pg_get_function_sqlbody(p.oid))" : 'p.prosrc';
  return statement(
    routineRow,
    `SELECT p.proname::text AS name, json_agg(json_build_object('kind', p.prokind, 'owner', pg_get_userbyid(p.proowner), 'language', l.lanname,
  'comment', obj_description(p.oid, 'pg_proc'), 'types', oidvectortypes(p.proargtypes), 'body', ${body})
  ORDER BY p.prokind DESC, oidvectortypes(p.proargtypes)) AS overloads
FROM ${ROUTINES} JOIN pg_catalog.pg_language l ON l.oid = p.prolang
WHERE n.nspname = $1 AND p.proname::text COLLATE "C" > $2
GROUP BY p.proname ORDER BY p.proname::text COLLATE "C"`,
    [schema, after]
  );
}

/** Those of `names` that exist now as tables or routines. */
export function existing(
  schema: string,
  entity: 'table' | 'procedure',
  names: readonly string[]
): Statement<{ name: string }> {
  const sql =
    entity === 'table'
      ? `SELECT c.relname::text AS name FROM ${TABLES} WHERE n.nspname = $1 AND c.relname = ANY ($2::text[])`
      : `SELECT DISTINCT p.proname::text AS name FROM ${ROUTINES} WHERE n.nspname = $1 AND p.proname = ANY ($2::text[])`;
  return statement(nameRow, sql, [schema, names]);
}

/**
 * Tables and views of the database whose rows this user may not read, schema by schema; the server's own show everybody
 * what is theirs.
 */
export const CLOSED_TABLES = statement(
  closedTable,
  `WITH RECURSIVE ${HIDING_VIEWS} SELECT * FROM (SELECT n.nspname::text AS schema, c.relname::text AS name, c.relkind IN ('v', 'm') AS view,
    pg_catalog.has_schema_privilege(n.oid, 'USAGE') AS usage, pg_catalog.has_table_privilege(c.oid, 'SELECT') AS select, ${HIDES_ROWS} AS hides
  FROM ${TABLES} WHERE ${IS_SCHEMA} AND n.nspname <> 'information_schema') AS t
WHERE NOT (t.usage AND t.select) OR t.hides ORDER BY t.schema COLLATE "C", t.name COLLATE "C"`
);
