import { isArgument, signsOf } from './assignment-signs.js';
import type { Cursor } from '../cursor.js';
import { filledByCall, NO_FILL, type Fill } from './filling-calls.js';
import { isLabelName } from '../labels.js';
import { oncePerText } from '../once-per-text.js';

/** Tokens of a list of parameters. */
const MOST_LISTED = 200;

const fillsIn = oncePerText(allFilled);

/** Where a variable may get a value by INTO, OUTPUT, a call or a loop, or is a parameter. */
export function fillsOf(cursor: Cursor, name: string): readonly number[] {
  return fillsIn(cursor).get(name) ?? [];
}

function allFilled(cursor: Cursor): ReadonlyMap<string, readonly number[]> {
  const all = new Map<string, number[]>();
  const constants = new Set<string>();
  const fill = (name: string, at: number): void => {
    const known = all.get(name);
    if (known === undefined) all.set(name, [at]);
    else known.push(at);
  };
  for (let index = 0; index < cursor.tokens.length; index += 1) {
    // PL/SQL's `v CONSTANT VARCHAR2(30) := 'a'`: no call may fill it
    if (cursor.token(index).word === 'constant' && cursor.dialect === 'oracle')
      constants.add(nameAt(cursor, index - 1));
    const { names, at = index } = filledAt(cursor, index);
    for (const name of names) if (!constants.has(name)) fill(name, at);
  }
  const others = [...aliasesIn(cursor)].flatMap(([alias, name]) =>
    [...signsOf(cursor, alias), ...(all.get(alias) ?? [])].map((at) => [name, at] as const)
  );
  for (const [name, at] of others) fill(name, at);
  return all;
}

/** PL/pgSQL's `n ALIAS FOR v`, each with its variable. */
function aliasesIn(cursor: Cursor): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>();
  if (cursor.dialect === 'postgres')
    for (const [index, { word }] of cursor.tokens.entries())
      if (word === 'alias' && cursor.token(index + 1).word === 'for')
        aliases.set(nameAt(cursor, index - 1), nameAt(cursor, index + 2));
  return aliases;
}

function filledAt(cursor: Cursor, index: number): Fill {
  const { word } = cursor.token(index);
  if (word === 'for' || word === 'foreach') return { names: loopedBy(cursor, index) };
  if (ROUTINES.has(word)) return { names: parametersOf(cursor, index) };
  if (word === 'call') return filledByArguments(cursor, index);
  if (word === 'into') return { names: listedFrom(cursor, index).names };
  if (word === 'unset') return { names: [nameAt(cursor, index + 1)] };
  if (cursor.traits.versionedComments) return filledInMysql(cursor, index);
  if (word !== 'output' && word !== 'out') return cursor.dialect === 'oracle' ? filledByCall(cursor, index) : NO_FILL;
  // Oracle's `USING IN OUT v`; T-SQL's `UPDATE t SET a = @v OUTPUT …` shows rows
  const given = cursor.dialect === 'oracle' ? [nameAt(cursor, index + 1)] : [];
  return { names: isArgument(cursor, index - 1) ? [...given, cursor.token(index - 1).text.toLowerCase()] : given };
}

/** Of `FOR r IN …`, `FOR a, b IN …`, `FOREACH a SLICE 1 IN ARRAY …`, and no `OPEN c FOR q` */
function loopedBy(cursor: Cursor, loop: number): readonly string[] {
  const { names, end } = listedFrom(cursor, loop);
  return /^(?:in|as|slice)$/.test(cursor.token(end).word) ? names : [];
}

/** The variables of the list behind a word, and where it ends; of `r.field` the record, of `l.v` behind `<<l>>` v. */
function listedFrom(cursor: Cursor, word: number): { readonly names: readonly string[]; readonly end: number } {
  const names: string[] = [];
  let at = word;
  do {
    at += cursor.token(at + 1).word === 'strict' ? 2 : 1;
    if (cursor.token(at).word === ':') at += 1;
    const isOfBlock = cursor.token(at + 1).word === '.' && isLabelName(cursor, cursor.token(at).text.toLowerCase());
    if (isOfBlock) at += 2;
    names.push(cursor.token(at).text.toLowerCase());
    at += 1;
    while (/^[.([]$/.test(cursor.token(at).word)) at = cursor.token(at).word === '.' ? at + 2 : cursor.closeOf(at) + 1;
  } while (cursor.token(at).word === ',');
  return { names, end: at };
}

/** Of `LOAD DATA … (a, @v)`, and of `EXECUTE p USING @v` where CALL is prepared. */
function filledInMysql(cursor: Cursor, index: number): Fill {
  const isLoad = cursor.token(index).word === 'load' && /^(?:data|xml)$/.test(cursor.token(index + 1).word);
  const isRun = /^(?:execute|immediate)$/.test(cursor.token(index - 2).word);
  const isCall = isRun && cursor.token(index).word === 'using' && preparesCall(cursor);
  if (!isLoad && !isCall) return NO_FILL;
  const names: string[] = [];
  for (let at = index + 1; at < cursor.tokens.length && cursor.token(at).word !== ';'; at += 1)
    if (cursor.token(at).kind === 'parameter' || isCall) names.push(cursor.token(at).text.toLowerCase());
  return { names };
}

const preparesCall = oncePerText(({ tokens }) =>
  tokens.some(({ kind, text }) => kind === 'string' && /^\s*call\b/i.test(text))
);

const ROUTINES: ReadonlySet<string> = new Set(['procedure', 'proc', 'function']);

/** Of `CREATE PROCEDURE p (a text)` and T-SQL's `CREATE PROCEDURE p @a int AS …`, among other words of the list. */
function parametersOf(cursor: Cursor, routine: number): readonly string[] {
  const listed = filledByArguments(cursor, routine).names;
  if (listed.length > 0 || cursor.dialect !== 'tsql') return listed;
  let end = routine + 1;
  while (end < routine + MOST_LISTED && !/^(as|;)$/.test(cursor.token(end).word)) end += 1;
  return cursor.tokens.slice(routine, end).map(({ text }) => text.toLowerCase());
}

/** Of `CALL p(a, b)`, in lower case: a procedure may fill its parameters. */
function filledByArguments(cursor: Cursor, call: number): Fill {
  let open = call + 1;
  while (open < call + MOST_NAMED && cursor.token(open).word !== '(') open += 1;
  if (cursor.token(open).word !== '(') return NO_FILL;
  const at = cursor.closeOf(open);
  return { names: cursor.tokens.slice(open, at).map(({ text }) => text.toLowerCase()), at };
}

/** Tokens of `CALL a.b.c(`. */
const MOST_NAMED = 7;

/** Of `v` and `:v`, in lower case. */
function nameAt(cursor: Cursor, at: number): string {
  return cursor.token(cursor.token(at).word === ':' ? at + 1 : at).text.toLowerCase();
}
