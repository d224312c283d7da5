import type { Dialect } from '../dialect.js';
import type { Statement, Use } from '../statement-tree.js';
import { startsUse } from './clauses.js';
import type { Cursor } from './cursor.js';
import { dynamicSql } from './dynamic/dynamic-sql.js';
import { isBehindLabel } from './labels.js';
import type { Token } from './token.js';
import { BACK, readSetConfig, readSetSchema, readUse } from './uses.js';

/** A statement with the place where it begins. */
export interface Placed<T> {
  readonly at: number;
  readonly statement: T;
}

/** Whose blocks may have a USE or its like; MySQL's and MariaDB's may not. */
const IN_BLOCKS: ReadonlySet<Dialect> = new Set([
  'bigquery',
  'databricks',
  'oracle',
  'postgres',
  'redshift',
  'snowflake',
  'sparksql',
]);

/** What a text that chooses a place has in it, if only in a string. */
const CHOOSES = /\b(?:use|search_path|schema|current_schema|catalog)\b|@@dataset_/i;

/** What a statement stands behind. */
const BEHIND: ReadonlySet<string> = new Set('; begin atomic then else loop do repeat is as $$'.split(' '));

/** Each USE of a text that ways may pass by, and what does the same: SET, and the text that an EXECUTE runs. */
export function usesInText(cursor: Cursor): readonly Placed<Use>[] {
  const isTsql = cursor.dialect === 'tsql';
  if (!isTsql && !(IN_BLOCKS.has(cursor.dialect) && cursor.tokens.some((token) => mayChoose(token)))) return [];
  const isInString = !isTsql && cursor.tokens.some((token) => token.kind === 'string' && mayChoose(token));
  const [start, usesLiterals] = [cursor.at, cursor.usesLiterals];
  const [side, doubts] = [cursor.side.length, cursor.doubts.length];
  const uses: Placed<Use>[] = [];
  for (const at of cursor.tokens.keys()) {
    cursor.at = at;
    const statement = isTsql ? useOfTsql(cursor) : standsFirst(cursor) ? useAt(cursor, isInString) : undefined;
    if (statement !== undefined) uses.push({ at, statement });
  }
  cursor.at = start;
  cursor.usesLiterals = usesLiterals;
  cursor.side.splice(side);
  cursor.doubts.splice(doubts);
  return uses;
}

function mayChoose({ text }: Token): boolean {
  return CHOOSES.test(text);
}

function standsFirst(cursor: Cursor): boolean {
  return cursor.at === 0 || BEHIND.has(cursor.peek(-1).word) || isBehindLabel(cursor, cursor.at);
}

function useOfTsql(cursor: Cursor): Use | undefined {
  return startsUse(cursor) ? useIn(readUse(cursor)) : undefined;
}

function useAt(cursor: Cursor, isInString: boolean): Use | undefined {
  switch (cursor.peek().word) {
    case 'use':
      return useIn(readUse(cursor));
    case 'set':
    case 'alter':
      return useIn(readSetSchema(cursor));
    case 'select':
    case 'perform':
      return useIn(readSetConfig(cursor));
    case 'reset':
      return /^(?:search_path|all)$/.test(cursor.peek(1).word) ? useIn(BACK) : undefined;
    case 'execute':
      return isInString ? useIn(dynamicSql(cursor)) : undefined;
    default:
      return undefined;
  }
}

/** The last one that a statement has. */
function useIn(statement: Statement | undefined): Use | undefined {
  if (statement?.kind === 'use') return statement;
  if (statement?.kind !== 'body' || statement.stored === true) return undefined;
  return statement.statements.map(useIn).findLast((use) => use !== undefined);
}
