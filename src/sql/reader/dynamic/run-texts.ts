import type { Statement } from '../../statement-tree.js';
import type { Name } from '../../tree.js';
import type { Cursor } from '../cursor.js';
import { rowsOf } from '../plain-query.js';
import { onlyTable, tableKey } from './only-table.js';
import { PIECE, UNKNOWN_PARTS } from './piece.js';
import { blurred, possibleTexts } from './possible-texts.js';
import { isRunText, isSideText } from './statement-text.js';
import { statementsOf } from './sub-texts.js';

/** True where SQL runs, or may, by a branch. */
export function mayBeSql(text: string, isSql = isRunText): boolean {
  return possibleTexts(text).some(isSql);
}

/** True where it isn't known how the SQL that runs begins. */
export function mayBeAnySql(text: string): boolean {
  return possibleTexts(text).some((each) => each.startsWith(PIECE));
}

interface ReadText {
  readonly text: string;
  readonly statements: readonly Statement[];
  readonly doubts: readonly string[];
}

/**
 * The statements of a text that is run. Where branches make it, each that it may be is read: when they name the same
 * tables, these are certain, and what else is the same in all; else what all of them have in common is read, and it is
 * told that more is not known.
 */
export function statementsRun(cursor: Cursor, text: string): readonly Statement[] {
  // where there is no text, nothing runs
  const texts = possibleTexts(text).filter((each) => each.trim() !== '');
  const [first, ...others] = texts.map((each) => readApart(cursor, each));
  if (first === undefined) return [];
  const names = namesOf(first);
  if (others.every((other) => namesOf(other) === names)) {
    const fullest = others.reduce((most, each) => (each.text.length > most.text.length ? each : most), first);
    for (const doubt of fullest.doubts) cursor.doubt(doubt);
    const ways = [first, ...others].filter((each) => each !== fullest && each.statements.length > 0);
    if (ways.length === 0) return fullest.statements;
    return [{ kind: 'body', statements: fullest.statements, others: ways.map(({ statements }) => statements) }];
  }
  const table = sameTable([first, ...others]);
  if (table !== undefined) return [{ kind: 'cache', query: rowsOf([], [{ kind: 'table', source: table }]) }];
  const { statements } = readApart(cursor, blurred(text));
  if (!cursor.doubts.includes(UNKNOWN_PARTS)) cursor.doubt(UNKNOWN_PARTS);
  return statements;
}

/** The table that all of them name and no other, though one reads and another empties it: it counts, nothing flows. */
function sameTable(ways: readonly ReadText[]): Name | undefined {
  if (!ways.every(({ text, doubts }) => isRunText(text) && doubts.length === 0)) return undefined;
  const [first, ...others] = ways.map(({ statements }) => onlyTable(statements));
  if (first === undefined) return undefined;
  return others.every((other) => other !== undefined && tableKey(other) === tableKey(first)) ? first : undefined;
}

function readApart(cursor: Cursor, text: string): ReadText {
  const before = cursor.doubts.splice(0);
  const statements = statementsOf(cursor, text);
  // `EXEC('KILL ' + @id)`, `EXEC('dbo.p ' + @x)`: what is not known of it names no table
  const isQuiet = isSideText(text) && statements.length === 1 && statements[0]?.kind === 'other';
  const doubts = cursor.doubts.splice(0, cursor.doubts.length, ...before);
  return { text, statements, doubts: isQuiet ? [] : doubts };
}

/** Which tables it reads and writes by which statements, and whether that is all; the same for the same. */
function namesOf({ text, statements, doubts }: ReadText): string {
  const names = new Set<string>();
  for (const statement of statements) collect(statement, roleOf(statement), names);
  return [...names].sort().join('\n') + String(isRunText(text) && doubts.length === 0);
}

/** Whatever flows into one table flows into no other. */
function roleOf(statement: Statement): string {
  const target = 'target' in statement ? statement.target : 'to' in statement ? statement.to : undefined;
  const parts = Array.isArray(target) ? (target as readonly unknown[]).map((part) => namePart(part)) : [];
  return [statement.kind, ...parts].join(' ');
}

function collect(node: unknown, role: string, names: Set<string>): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) {
    const parts = node.map((part: unknown) => namePart(part));
    if (parts.length > 0 && parts.every((part) => part !== undefined)) names.add(`${role} ${parts.join('.')}`);
    else for (const each of node as readonly unknown[]) collect(each, role, names);
    return;
  }
  if ('path' in node && typeof node.path === 'string') names.add(`${role} ${node.path}`);
  for (const [key, value] of Object.entries(node)) collect(value, key === 'target' ? `${role} into` : role, names);
}

function namePart(part: unknown): string | undefined {
  const isPart = typeof part === 'object' && part !== null && 'text' in part && 'quoted' in part;
  return isPart ? String(part.text).toLowerCase() : undefined;
}

/** What runs it; a USE in T-SQL's strings ends with them. */
export function bodyOf(cursor: Cursor, statements: readonly Statement[]): Statement {
  return { kind: 'body', statements, ...(cursor.dialect === 'tsql' ? { isApart: true as const } : {}) };
}
