import { signsOf } from './assignment-signs.js';
import { startOfBatch } from './batches.js';
import { setsAnew } from './assigned-text.js';
import { flowOf, handlersOf } from './control-flow.js';
import type { Cursor } from '../cursor.js';
import { oncePerText } from '../once-per-text.js';
import { fillsOf } from './filled-variables.js';
import { branchAt, contains, scopesAround, scopeStart, type Branch } from './flow-tree.js';
import { handledFills } from './handlers.js';
import { calledFills } from './local-calls.js';
import { jumpsOf } from '../labels.js';
import { PIECE } from './piece.js';
import { NO_VALUE } from './possible-texts.js';
import { firstFrom, Walk, type Budget, type Change } from './variable-walk.js';

/** Texts that are put together of more are not read, but for a few. */
const MOST_STEPS = 200;
const MOST_STEPS_OF_FEW = 2_000;
/** Steps of those few. */
const MOST_STEPS_IN_ALL = 10_000;
/** Tokens between a variable and the DECLARE of its list. */
const MOST_LISTED = 1_000;
/** Variables in variables: the JavaScript stack must never be what sets the limit. */
const MOST_NESTED = 20;
/** Characters of what all variables of a text are found to hold. */
const MOST_CHARACTERS = 10_000_000;

interface Found {
  readonly texts: Map<string, string>;
  readonly changes: Map<string, readonly Change[]>;
  depth: number;
  characters: number;
  /** Of texts of many steps. */
  steps: number;
  readonly budget: Budget;
}

const foundIn = oncePerText((): Found => ({
  texts: new Map(),
  changes: new Map(),
  depth: 0,
  characters: 0,
  steps: 0,
  budget: { followed: 0, compared: 0 },
}));

/**
 * What a variable holds at a token, as far as it is known: each text that it may have by the branches before, and a
 * piece for what a call, a query or the caller give it.
 */
export function textAtPlace(cursor: Cursor, variable: string, index = cursor.at): string {
  const name = variableName(cursor, variable);
  const batch = startOfBatch(cursor, index);
  const known = changesOf(cursor, name);
  const changes = batch === 0 ? known : known.slice(firstFrom(known, batch));
  const before = firstFrom(changes, index);
  const flow = flowOf(cursor);
  if (flow === undefined) return PIECE;
  if (before === 0) return known.length === 0 && isUnset(cursor, flow, index, name) ? '' : PIECE;
  const branch = branchAt(flow, index);
  return remembered(cursor, `${name} ${batch} ${before} ${branch.from} ${branch.to}`, () => {
    const found = foundIn(cursor);
    const most = found.steps < MOST_STEPS_IN_ALL ? MOST_STEPS_OF_FEW : MOST_STEPS;
    const least = firstFrom(changes, scopeStart(flow, index, name));
    const from = decidingChange(cursor, name, changes, { before, least, most }, flow, index);
    if (before - from > MOST_STEPS) found.steps += before - from;
    if (before - from > most) return PIECE;
    const start = textAtFirst(cursor, name, batch);
    return new Walk(cursor, name, changes.slice(from), index, start, found.budget).textFrom(flow);
  });
}

/** True for PL/SQL's variable of a block in the text, if nothing gives it a value: it is NULL. */
function isUnset({ dialect }: Cursor, flow: Branch, index: number, name: string): boolean {
  return dialect === 'oracle' && scopesAround(flow, index, name).length > 0;
}

/**
 * What a variable holds before the text gives it anything: MySQL's `@v` has what its session gave it, and T-SQL's is a
 * parameter where no DECLARE names it.
 */
function textAtFirst(cursor: Cursor, name: string, batch: number): string {
  const { dialect } = cursor;
  if (dialect === 'oracle') return '';
  if (!name.startsWith('@')) return NO_VALUE;
  return dialect === 'tsql' && isDeclared(cursor, name, batch) ? NO_VALUE : PIECE;
}

/** True where a DECLARE is what names the variable first. */
function isDeclared(cursor: Cursor, name: string, batch: number): boolean {
  let at = batch;
  while (at < cursor.tokens.length && cursor.token(at).text.toLowerCase() !== name) at += 1;
  for (let back = at - 1; back >= batch && back > at - MOST_LISTED; back -= 1) {
    const { word } = cursor.token(back);
    if (word === 'declare') return true;
    // of the list in front of a text that has parameters: `(@k int, @v nvarchar(9))UPDATE …`
    if (word === ';' || (word === '(' && cursor.closeOf(back) > at)) return false;
  }
  return false;
}

/** Each variable is looked into once for each state that it is in. */
function remembered(cursor: Cursor, key: string, read: () => string): string {
  const found = foundIn(cursor);
  const known = found.texts.get(key);
  if (known !== undefined) return known;
  if (found.depth >= MOST_NESTED || found.characters > MOST_CHARACTERS) return PIECE;
  // as a loop finds it that is looking for itself
  found.texts.set(key, PIECE);
  found.depth += 1;
  const text = read();
  found.depth -= 1;
  found.texts.set(key, text);
  found.characters += text.length;
  return text;
}

/** As assignments have it: Snowflake's `$v` is set as `v`. */
function variableName(cursor: Cursor, variable: string): string {
  return (cursor.dialect === 'snowflake' ? variable.replace(/^\$/, '') : variable).toLowerCase();
}

function changesOf(cursor: Cursor, name: string): readonly Change[] {
  const { changes } = foundIn(cursor);
  const known = changes.get(name) ?? allChanges(cursor, name);
  changes.set(name, known);
  return known;
}

function allChanges(cursor: Cursor, name: string): readonly Change[] {
  const signs = signsOf(cursor, name).map((at) => ({ at, isFill: false }));
  const fills = fillsOf(cursor, name).map((at) => ({ at, isFill: true }));
  const changes = [...signs, ...fills].sort(inOrder);
  // what a GOTO passes over may not have been done
  const labels = jumpsOf(cursor).flatMap(([jump, label]) =>
    firstFrom(changes, Math.min(jump, label)) < firstFrom(changes, Math.max(jump, label))
      ? [{ at: label, isFill: true }]
      : []
  );
  const flow = flowOf(cursor);
  const called = flow === undefined ? [] : calledFills(cursor, flow, name, changes);
  // a handler's variable is that of the block that declares it
  const handled = handledFills(cursor, handlersOf(cursor), changes, (at) =>
    flow === undefined ? [] : scopesAround(flow, at, name)
  );
  return [...changes, ...labels, ...called, ...handled].sort(inOrder);
}

function inOrder(left: Change, right: Change): number {
  return left.at - right.at;
}

/** The last change before a place that always comes before it and keeps nothing of what was: others are in vain. */
function decidingChange(
  cursor: Cursor,
  name: string,
  changes: readonly Change[],
  { before, least, most }: { readonly before: number; readonly least: number; readonly most: number },
  flow: Branch,
  index: number
): number {
  for (let at = before - 1; at >= Math.max(least, before - most); at -= 1) {
    const change = changes[at];
    if (change === undefined || !contains(branchAt(flow, change.at), index)) continue;
    // of a loop that has a variable of this name
    if (scopeStart(flow, change.at, name) !== scopeStart(flow, index, name)) continue;
    if (change.isFill || setsAnew(cursor, name, change.at)) return at;
  }
  return before - least > most ? before - most - 1 : least;
}
