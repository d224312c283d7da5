import type { Statement, UseOf } from '../statement-tree.js';
import type { Name, NamePart } from '../tree.js';
import type { Cursor } from './cursor.js';
import { isName, nameInText, partOf, readName } from './names.js';
import { doubtPieces, hasPiece, PIECE } from './dynamic/piece.js';
import type { Token } from './token.js';
import { quiet, skipStatement } from './quiet-statements.js';
import { readSystemVariables } from './system-variables.js';

const WHAT: Readonly<Record<string, UseOf>> = { schema: 'schema', catalog: 'catalog', namespace: 'schema' };
/** Schemas of a search path that hold no table of anybody's. */
const NOT_OWN = /^(\$user|pg_catalog|pg_temp)$/i;

const UNKNOWN: NamePart = { text: PIECE, quoted: false };

/** `USE x`: where unqualified names are looked up from here on. */
export function readUse(cursor: Cursor): Statement {
  cursor.next();
  const word = cursor.peek().word;
  const isNamed = /^(database|schema|catalog|namespace)$/.test(word) && namesPlace(cursor.peek(1));
  if (isNamed) cursor.next();
  else if (/^(role|warehouse|secondary)$/.test(cursor.peek().word)) return quiet(cursor);
  const isUnknown = hasPiece(cursor.peek().text);
  // of Snowflake's and Databricks' `IDENTIFIER($s)`, only names that it completes are told
  const isAsked = cursor.sees('identifier', '(');
  if (isSqlcmd(cursor)) {
    const unknown = unknownPlace(cursor);
    skipStatement(cursor);
    return { kind: 'use', name: [unknown] };
  }
  const doubts = cursor.doubts.length;
  const read = readName(cursor);
  const what = isNamed ? { what: WHAT[word] ?? 'database' } : {};
  if (isAsked && (read === undefined || read.some(({ text }) => hasPiece(text)))) {
    cursor.doubts.splice(doubts);
    // names without a database stay as they are written
    if (/^(?:database|catalog)$/.test(word)) return { kind: 'use', name: [], asks: 'database' };
    return { kind: 'use', name: [UNKNOWN], ...what, asks: 'schema' };
  }
  const name = read ?? (isUnknown ? [unknownPlace(cursor)] : undefined);
  if (name === undefined) {
    skipStatement(cursor);
    return { kind: 'other', verb: 'use' };
  }
  return { kind: 'use', name, ...what };
}

/** The variables of SQL Server's sqlcmd: `USE $(db)`, `USE [$(db)]` */
function isSqlcmd(cursor: Cursor): boolean {
  return cursor.dialect === 'tsql' && /^\$\(/.test(cursor.peek().text + cursor.peek(1).text);
}

function namesPlace(token: Token): boolean {
  return isName(token) || hasPiece(token.text);
}

/**
 * The same in other words: PostgreSQL's `SET [LOCAL] search_path TO s, …`, `SET SCHEMA 's'`, Db2's `SET CURRENT SCHEMA
 * = s`, Oracle's `ALTER SESSION SET CURRENT_SCHEMA = s`, BigQuery's `SET @@dataset_id = 's'`. Reads nothing when the
 * statement at the cursor is none of them.
 */
export function readSetSchema(cursor: Cursor): Statement | undefined {
  // Databricks' `SET CATALOG c` is its USE CATALOG
  if (cursor.sees('set', 'catalog') && isName(cursor.peek(2))) return readUse(cursor);
  const from = afterSetting(cursor);
  if (from === undefined) return readSystemVariables(cursor);
  const isLocal = cursor.peek(1).word === 'local';
  const value = cursor.token(from);
  const isInText = cursor.dialect === 'snowflake' && value.kind === 'string';
  const path = isInText ? pathInText(cursor, value) : pathAt(cursor, from);
  skipStatement(cursor);
  return useOf(path, isLocal) ?? { kind: 'other', verb: 'set' };
}

/** Names are looked up again where they were at first: `RESET search_path`. */
export const BACK: Statement = { kind: 'use', name: [] };

/** Where the setting's value begins. */
function afterSetting(cursor: Cursor): number | undefined {
  let ahead = cursor.sees('alter', 'session', 'set') ? 3 : cursor.sees('set') ? 1 : undefined;
  if (ahead === undefined) return undefined;
  if (/^(session|local|current)$/.test(cursor.peek(ahead).word)) ahead += 1;
  const setting = cursor.peek(ahead).word;
  const sign = cursor.peek(ahead + 1);
  if (/^(=|to)$/.test(sign.word) && /^(search_path|schema|current_schema)$/.test(setting)) return cursor.at + ahead + 2;
  const isBare = setting === 'schema' && (isName(sign) || sign.kind === 'string');
  return isBare ? cursor.at + ahead + 1 : undefined;
}

/** The list of schemas at `from`; `undefined` stands for DEFAULT. */
function pathAt(cursor: Cursor, from: number): Name | undefined {
  cursor.usesLiterals = true;
  if (cursor.token(from).word === 'default') return undefined;
  const path: NamePart[] = [];
  for (let index = from; ; index += 2) {
    path.push(...schemaOf(cursor, cursor.token(index)));
    if (cursor.token(index + 1).word !== ',') return path;
  }
}

/**
 * Snowflake's list in a string, `'mart, db.shop'`: none where `$current` is the first, as names are looked up there
 * before all others.
 */
function pathInText(cursor: Cursor, { text }: Token): Name {
  cursor.usesLiterals = true;
  const names = text.split(',').map((name) => name.trim());
  return /^\$current$/i.test(names[0] ?? '') ? [] : names.flatMap((name) => nameInText(name).slice(-1));
}

/** A schema in a string is written as it is stored. */
function schemaOf(cursor: Cursor, token: Token): NamePart[] {
  if (hasPiece(token.text)) return [unknownPlace(cursor)];
  if (token.kind === 'string') return [{ text: token.text, quoted: true }];
  return isName(token) ? [partOf(token)] : [];
}

/** From here on names without a schema, or without a database, are not known. */
function unknownPlace(cursor: Cursor): NamePart {
  doubtPieces(cursor, PIECE);
  return UNKNOWN;
}

/** Nothing where none of the schemas is anybody's own. */
function useOf(path: Name | undefined, isLocal: boolean): Statement | undefined {
  const local = isLocal ? { isLocal } : {};
  if (path === undefined) return { ...BACK, ...local };
  const own = path.findIndex(({ text }) => /^pg_temp$/i.test(text));
  const [first, ...others] = path.filter(isSearched);
  if (first === undefined) return undefined;
  const ahead = own > 0 ? path.slice(0, own).filter(isSearched).length : 0;
  const more = { ...(others.length > 0 ? { path: others } : {}), ...(ahead > 0 ? { ahead } : {}) };
  return { kind: 'use', what: 'schema', name: [first], ...more, ...local };
}

function isSearched({ text }: NamePart): boolean {
  return text !== '' && !NOT_OWN.test(text);
}

/**
 * PostgreSQL's `SELECT set_config('search_path', 's, …', false)`, as pg_dump and PostgREST set it, PL/pgSQL's `PERFORM
 * set_config(…)`; `undefined` (cursor unmoved) for all other queries.
 */
export function readSetConfig(cursor: Cursor): Statement | undefined {
  const call = cursor.at + (cursor.peek(2).word === '.' ? 3 : 1);
  if (cursor.token(call).word !== 'set_config' || cursor.token(call + 1).word !== '(') return undefined;
  const [setting, value] = [cursor.token(call + 2), cursor.token(call + 4)];
  if (setting.text.toLowerCase() !== 'search_path' || value.kind !== 'string') return undefined;
  if (!/^[,)]$/.test(cursor.token(call + 5).word)) return undefined;
  const start = cursor.at;
  skipStatement(cursor);
  if (cursor.tokens.slice(start, cursor.at).some(({ word }) => word === 'from')) {
    cursor.at = start;
    return undefined;
  }
  cursor.usesLiterals = true;
  const isLocal = isTrue(cursor.token(call + 6));
  const path = value.text.split(',').flatMap((name) => nameInText(name.trim()).slice(0, 1));
  return useOf(path, isLocal) ?? { kind: 'other', verb: 'set' };
}

/** PostgreSQL's boolean, also in a string. */
function isTrue({ kind, text, word }: Token): boolean {
  return word === 'true' || (kind === 'string' && /^(t|true|y|yes|on|1)$/i.test(text.trim()));
}

/** `SET search_path = s, …` at the cursor, among a function's options: where the names of its body are looked up. */
export function readPathOption(cursor: Cursor): Statement | undefined {
  if (!cursor.sees('set', 'search_path') || !/^(=|to)$/.test(cursor.peek(2).word)) return undefined;
  return useOf(pathAt(cursor, cursor.at + 3), false);
}
