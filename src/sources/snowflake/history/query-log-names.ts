import type { Row } from '../session/row.js';

const NAME = String.raw`(?:"(?:[^"]|"")+"|[^\s".()']+)`;
const PATH = `${NAME}(?:\\s*\\.\\s*${NAME}){0,2}`;
const CALL = new RegExp(String.raw`^call\s+(?:identifier\s*\(\s*'([^']+)'\s*\)|(${PATH}))\s*\(`, 'i');
const WRITES = new RegExp(
  String.raw`\b(?:insert\s+(?:overwrite\s+)?into|update|delete\s+from|merge\s+into|copy\s+into)\s+(${PATH})`,
  'i'
);
const LEADING_COMMENTS = /^(?:\s+|--[^\n]*(?:\n|$)|\/\/[^\n]*(?:\n|$)|\/\*.*?\*\/)*/s;

/**
 * Database, schema and table of a name as Snowflake writes it: `ANALYTICS.RAW."Mixed Case"`. undefined when it doesn't
 * have three parts.
 */
export function tableNames(path: string): [database: string, schema: string, table: string] | undefined {
  const [database, schema, table, ...more] = splitPath(path).map(({ name }) => name);
  if (database === undefined || schema === undefined || table === undefined || more.length > 0) return undefined;
  return [database, schema, table];
}

/** A column as ACCESS_HISTORY names it; quoted names lose their quotes. */
export function columnName(name: string): string {
  return /^"(?:[^"]|"")+"$/.test(name) ? name.slice(1, -1).replaceAll('""', '"') : name;
}

/**
 * The procedure that a CALL runs, completed by where it ran; unquoted names are stored in upper case. undefined for an
 * anonymous procedure without a place, and for anything that isn't a CALL.
 */
export function calledProcedure(
  text: string,
  database: string | undefined,
  schema: string | undefined
): [database: string, schema: string, name: string] | undefined {
  const match = CALL.exec(text.replace(LEADING_COMMENTS, ''));
  return completed(match?.[1] ?? match?.[2] ?? '', database, schema);
}

/** The procedure whose CALL sent the statement of a row. */
export function procedureOf(row: Row): ReturnType<typeof calledProcedure> {
  return calledProcedure(
    row.optionalText('CALL_TEXT') ?? '',
    row.optionalText('CALL_DATABASE'),
    row.optionalText('CALL_SCHEMA')
  );
}

/**
 * The table that an INSERT, UPDATE, DELETE, MERGE or COPY writes, completed by where it ran; undefined when that can't
 * be determined.
 */
export function writtenTable(
  text: string,
  database: string | undefined,
  schema: string | undefined
): [database: string, schema: string, table: string] | undefined {
  return completed(WRITES.exec(text.replace(LEADING_COMMENTS, ''))?.[1] ?? '', database, schema);
}

function completed(
  path: string,
  database: string | undefined,
  schema: string | undefined
): [database: string, schema: string, name: string] | undefined {
  const parts = splitPath(path).map(({ name, isQuoted }) => (isQuoted ? name : name.toUpperCase()));
  const name = parts.at(-1);
  const inSchema = parts.at(-2) ?? schema;
  const inDatabase = parts.at(-3) ?? database;
  return name === undefined || inSchema === undefined || inDatabase === undefined
    ? undefined
    : [inDatabase, inSchema, name];
}

function splitPath(path: string): { name: string; isQuoted: boolean }[] {
  return [...path.matchAll(/"((?:[^"]|"")+)"|([^".]+)/g)]
    .map(([, quoted, plain]) =>
      quoted === undefined
        ? { name: plain?.trim() ?? '', isQuoted: false }
        : { name: quoted.replaceAll('""', '"'), isQuoted: true }
    )
    .filter(({ name }) => name !== '');
}
