import { writtenTables } from '../../../sql/index.js';
import type { Row } from '../session/row.js';

type Path = [database: string, schema: string, name: string];

const NAME = String.raw`(?:"(?:[^"]|"")+"|[^\s".()']+)`;
const PATH = `${NAME}(?:\\s*\\.\\s*${NAME}){0,2}`;
const CALL = new RegExp(String.raw`^call\s+(?:identifier\s*\(\s*'([^']+)'\s*\)|(${PATH}))\s*\(`, 'i');
const LEADING_COMMENTS = /^(?:\s+|--[^\n]*(?:\n|$)|\/\/[^\n]*(?:\n|$)|\/\*.*?\*\/)*/s;

/**
 * Database, schema and table of a name as Snowflake writes it: `ANALYTICS.RAW."Mixed Case"`. undefined when it doesn't
 * have three parts.
 */
export function tableNames(path: string): Path | undefined {
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
): Path | undefined {
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
 * The table that an INSERT, UPDATE, DELETE, MERGE or COPY writes, completed by where it ran: what has no schema is in
 * that of the session, and never in PUBLIC as a query's may be. undefined when that can't be determined or several are
 * written, and `file` for what goes to a stage or a bucket.
 * @param isCut there is more of the statement than its text has
 */
export function writtenTable(
  text: string,
  { database, schema, isCut }: { database: string | undefined; schema: string | undefined; isCut: boolean }
): Path | 'file' | undefined {
  const [table, ...more] = writtenTables(text, 'snowflake', { isCut }) ?? [];
  if (table === undefined || more.length > 0) return undefined;
  return table.kind === 'path' ? 'file' : placed(table.parts, database, schema);
}

function completed(path: string, database: string | undefined, schema: string | undefined): Path | undefined {
  const parts = splitPath(path).map(({ name, isQuoted }) => (isQuoted ? name : name.toUpperCase()));
  return placed(parts.slice(-3), database, schema);
}

/** The parts of a name, and before them where the statement ran that has it. */
function placed(parts: readonly string[], database: string | undefined, schema: string | undefined): Path | undefined {
  if (parts.length > 3) return undefined;
  const [name, inSchema = schema, inDatabase = database] = [...parts].reverse();
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
