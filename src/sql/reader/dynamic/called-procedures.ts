import type { Statement } from '../../statement-tree.js';
import type { Cursor } from '../cursor.js';
import { isName } from '../names.js';
import { startsStatement } from './next-statement.js';
import { expressionText } from './pieced-text.js';
import { possibleTexts } from './possible-texts.js';
import { namedProcedure } from './procedure-names.js';
import { isStatement } from './statement-text.js';
import { textAtPlace } from './variable-texts.js';
import { onlyDescribes, runnerCalled, type Runner } from './text-runners.js';

/** Where EXECUTE takes an expression inside of bodies, and a prepared statement's name outside. */
const PLPGSQL: ReadonlySet<string> = new Set(['postgres', 'redshift', 'ansi']);
/** Firebird's EXECUTE STATEMENT is the standard's EXECUTE IMMEDIATE. */
const RUNS_TEXT = /^(?:immediate|statement)$/;

export interface CalledProcedure {
  /** Index of its own name, behind those of its schema and database. */
  readonly at: number;
  /** Absent for what is not known to run anything that it is handed. */
  readonly runner: Runner | undefined;
  /** On a linked server. */
  readonly isElsewhere: boolean;
  /** Where it runs, as the text of a variable says. */
  readonly place?: Statement;
  /** A variable has its name, and that is not known. */
  readonly isUnknown?: true;
}

/** The procedure that EXEC at the cursor calls; `undefined` where a text stands there to be run. */
export function calledProcedure(cursor: Cursor): CalledProcedure | undefined {
  if (cursor.inBody && cursor.sees('execute') && PLPGSQL.has(cursor.dialect)) return undefined;
  const isAssigned = cursor.peek(1).kind === 'parameter' && cursor.peek(2).word === '=';
  return procedureAt(cursor, cursor.at + (isAssigned ? 3 : 1));
}

/** The same for a name at `from`, as CALL and PL/SQL have it. */
export function procedureAt(cursor: Cursor, from: number): CalledProcedure | undefined {
  const parts: string[] = [];
  let at = from;
  while (isName(cursor.token(at)) && /^\.\.?$/.test(cursor.token(at + 1).word)) {
    parts.push(cursor.token(at).text.toLowerCase());
    if (cursor.token(at + 1).word === '..') parts.push('');
    at += 2;
  }
  const { kind, text, word } = cursor.token(at);
  if (cursor.dialect === 'tsql' && kind === 'parameter' && parts.length === 0) return procedureIn(cursor, at);
  if (!isName(cursor.token(at)) || RUNS_TEXT.test(word)) return undefined;
  const isElsewhere = cursor.dialect === 'tsql' && parts.length > 2;
  const name = text.toLowerCase();
  const runner = onlyDescribes(name) ? undefined : runnerCalled([...parts, name]);
  return { at, runner, isElsewhere };
}

/** `EXEC @procedure N'…'`: what the variable is known to hold says which one it is. */
function procedureIn(cursor: Cursor, at: number): CalledProcedure {
  const { parts, database } = namedProcedure(possibleTexts(textAtPlace(cursor, cursor.token(at).text, at)));
  if (parts === undefined) return { at, runner: undefined, isElsewhere: false, isUnknown: true };
  const runner = onlyDescribes(parts.at(-1) ?? '') ? undefined : runnerCalled(parts);
  const place = database === undefined ? {} : { place: { kind: 'use', what: 'database', name: database } as const };
  return { at, runner, isElsewhere: parts.length > 3, ...place };
}

/** True where one of the strings that a call hands over can hardly be anything but SQL. */
export function handsSql(cursor: Cursor, at: number): boolean {
  return argumentsOf(cursor, at + 1).some((each) =>
    possibleTexts(expressionText(cursor, each.at).text).some(isStatement)
  );
}

interface Argument {
  readonly name: string | undefined;
  /** Index of its value. */
  readonly at: number;
}

/** The SQL that the procedure is handed and runs, as far as it is known. */
export function handedTexts(cursor: Cursor, at: number, runner: Runner): readonly string[] {
  const handed = argumentsOf(cursor, at + 1);
  const named = handed.filter(({ name }) => name !== undefined && runner.named.includes(name));
  const [placed] = handed.slice(runner.at, runner.at + 1);
  const found = named.length > 0 || placed === undefined || placed.name !== undefined ? named : [placed];
  return found
    .filter((each) => cursor.token(each.at).word !== 'null')
    .map((each) => expressionText(cursor, each.at).text);
}

/** Where what it runs is run, if a parameter says so. */
export function handedPlace(cursor: Cursor, at: number, { database }: Runner): Statement | undefined {
  const value = argumentsOf(cursor, at + 1).find(({ name }) => name !== undefined && name === database);
  const token = value && cursor.token(value.at);
  if (token?.kind !== 'string') return undefined;
  return { kind: 'use', what: 'database', name: [{ text: token.text, quoted: true }] };
}

/** `@a = 1, 'b'`, `(a => 1, 'b')` */
function argumentsOf(cursor: Cursor, from: number): readonly Argument[] {
  const isCall = cursor.token(from).word === '(';
  const end = isCall ? cursor.closeOf(from) : cursor.tokens.length;
  const handed: Argument[] = [];
  let at = isCall ? from + 1 : from;
  while (at < end && !endsCall(cursor, at)) {
    const ahead = cursor.token(at + 1).word;
    const isNamed = ahead === '=>' || (ahead === '=' && cursor.token(at).kind === 'parameter');
    const name = isNamed ? cursor.token(at).text.replace(/^@/, '').toLowerCase() : undefined;
    handed.push({ name, at: isNamed ? at + 2 : at });
    while (at < end && cursor.token(at).word !== ',' && !endsCall(cursor, at))
      at = /^[([]$/.test(cursor.token(at).word) ? cursor.closeOf(at) + 1 : at + 1;
    if (cursor.token(at).word === ',') at += 1;
  }
  return handed;
}

/** T-SQL needs no `;` behind a call. */
function endsCall(cursor: Cursor, at: number): boolean {
  const { kind, word } = cursor.token(at);
  return kind === 'end' || word === ';' || startsStatement(cursor, at);
}
