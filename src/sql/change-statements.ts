import type { Dialect } from './dialect.js';
import { tokensOf } from './token-front-end.js';
import { endOfStored } from './reader/stored-end.js';
import { RunTexts } from './run-texts.js';
import type { Token } from './reader/token.js';
import { writtenText, type WrittenText } from './reader/written-text.js';

/** Objects of ALTER and DROP that count; the words may also stand between another verb and its table. */
export const OBJECTS: ReadonlySet<string> = new Set(
  'table tables view views materialized dynamic external iceberg foreign'.split(' ')
);
const VERBS: ReadonlySet<string> = new Set(['delete', 'truncate', 'drop', 'alter', 'undrop', 'restore', 'flashback']);
const MAY_CHANGE = /\b(?:delete|truncate|(?:un)?drop|alter|restore|flashback)\b/i;
/** Verbs of which a statement has one at most outside brackets, besides those above. */
const OTHER_VERBS: ReadonlySet<string> = new Set(['select', 'insert', 'update', 'merge', 'values', 'table']);
/** Words that a statement of a body may follow. */
const BODY_WORDS: ReadonlySet<string> = new Set(['then', 'else', 'loop', 'do']);
/** Where a DELETE or its like is the name of an event, a right or a branch of MERGE. */
const NOT_BEFORE: ReadonlySet<string> = new Set(
  'on for of , . after instead grant deny revoke then explain'.split(' ')
);
/** Bodies that are only stored: what follows belongs to them, where nothing tells their end. */
const STORED: ReadonlySet<string> = new Set('procedure proc function trigger task event package'.split(' '));
/** How far behind CREATE such a word may be. */
const HEAD_TOKENS = 12;

/** One statement of SQL, with its WITH. */
export interface ChangeStatement {
  /** `delete`, `truncate`, `drop`, `alter`, `undrop`, `restore`, `flashback`. */
  readonly verb: string;
  /** From its WITH, else from its verb, up to the `;` or to what follows. */
  readonly tokens: readonly Token[];
  /** Of the verb in `tokens`. */
  readonly at: number;
  /** A DELETE in a CTE: `WITH d AS (DELETE … RETURNING *) …`. */
  readonly isNested: boolean;
}

/** Statements that change tables without any data flowing from elsewhere, and what the text makes besides. */
export interface TextChanges {
  readonly statements: readonly ChangeStatement[];
  /** Strings that a statement runs: `EXECUTE IMMEDIATE '…'`, `DO $$ … $$`. */
  readonly texts: readonly RunText[];
  /** Where the names start behind CREATE TABLE and CREATE VIEW. */
  readonly made: readonly (readonly Token[])[];
}

export interface RunText extends WrittenText {
  readonly token: Token;
}

const NONE: TextChanges = { statements: [], texts: [], made: [] };

/** Finds them wherever a statement may start: in a script, in a block, behind a WITH. */
export function changeStatements(sql: string, dialect: Dialect): TextChanges {
  if (!MAY_CHANGE.test(sql)) return NONE;
  const { tokens, traits, closes } = tokensOf(sql, dialect);
  const starts: { readonly from: number; readonly verb: number; readonly isNested: boolean }[] = [];
  const texts: RunText[] = [];
  const runs = new RunTexts(tokens);
  const made: Token[][] = [];
  const ends: number[] = [];
  let [depth, segment, hasVerb] = [0, 0, false];
  const endsBodies = traits.versionedComments || dialect === 'postgres';
  let stored = 0;
  for (const [index, token] of tokens.entries()) {
    if (index < stored) continue;
    const { word, kind } = token;
    const before = tokens[index - 1]?.word ?? ';';
    if (word === ';') {
      ends.push(index);
      [depth, segment, hasVerb] = [0, index + 1, false];
    } else if (word === ')') depth -= 1;
    else if (word === '(') depth += 1;
    else if (kind === 'string' && runs.has(index)) texts.push({ token, ...writtenText(sql, token, traits) });
    if (depth === 0 && isFrame(tokens, segment, index)) segment = index + 1;
    if ((word === 'create' && before !== 'show') || word === 'alter') {
      const what = objectAt(tokens, index);
      if (STORED.has(tokens[what]?.word ?? '')) {
        if (!endsBodies) break;
        stored = endOfStored(tokens, index);
        continue;
      }
      if (word === 'create' && what > 0) made.push(tokens.slice(what + 1, what + HEAD_TOKENS));
    }
    if (depth === 0 && OTHER_VERBS.has(word)) hasVerb = true;
    if (!VERBS.has(word)) continue;
    const isBehindWith = depth === 0 && word === 'delete' && !hasVerb && tokens[segment]?.word === 'with';
    const isNested = before === '(' && word === 'delete' && tokens[index + 1]?.word === 'from';
    const isPlain =
      depth === 0 &&
      (isStart(tokens, index, before, traits.optionalSemicolon) || (index === segment && before !== ';'));
    if (!isBehindWith && !isNested && !isPlain) continue;
    const from = isBehindWith ? segment : index;
    starts.push({ from, verb: index, isNested });
    if (isNested) continue;
    ends.push(from);
    if (isPlain) [segment, hasVerb] = [index, true];
  }
  ends.push(tokens.length);
  // Both are in the order of the text.
  let next = 0;
  const statements = starts.map(({ from, verb, isNested }) => {
    while ((ends[next] ?? tokens.length) <= verb && next < ends.length) next += 1;
    const end = (isNested ? closes.get(verb - 1) : ends[next]) ?? tokens.length;
    const shown = tokens.slice(from, end);
    return { verb: tokens[verb]?.word ?? '', tokens: shown, at: verb - from, isNested };
  });
  return { statements, texts, made };
}

/** PL/SQL's `FORALL i IN 1 .. n SAVE EXCEPTIONS DELETE FROM …` */
function isBehindForall(tokens: readonly Token[], index: number): boolean {
  for (let at = index - 1; at > index - MOST_BOUNDS && at >= 0; at -= 1) {
    const word = tokens[at]?.word;
    if (word === 'forall') return true;
    if (word === ';') return false;
  }
  return false;
}

/** Tokens of the bounds of a FORALL. */
const MOST_BOUNDS = 20;

/** Delta's `RESTORE t TO VERSION AS OF 1`, without TABLE; T-SQL's RESTORE DATABASE is another one. */
export function isBareRestore(tokens: readonly Token[], index: number): boolean {
  if (tokens[index]?.word !== 'restore' || !isNameToken(tokens[index + 1])) return false;
  let at = index + 2;
  while (tokens[at]?.word === '.' && isNameToken(tokens[at + 1])) at += 2;
  if (tokens[at]?.word !== 'to') return false;
  return /^(version|timestamp)$/.test(tokens[at + 1]?.word ?? '') && tokens[at + 2]?.word === 'as';
}

function isNameToken(token: Token | undefined): boolean {
  return token?.kind === 'word' || token?.kind === 'quoted';
}

function isStart(tokens: readonly Token[], index: number, before: string, optionalSemicolon: boolean): boolean {
  const verb = tokens[index]?.word;
  const next = tokens[index + 1]?.word ?? '';
  const isSure = verb === 'delete' ? next === 'from' : OBJECTS.has(next) || isBareRestore(tokens, index);
  const isInBlock = before === 'begin' || (before === 'atomic' && /^(begin|not)$/.test(tokens[index - 2]?.word ?? ''));
  if (before === ';' || isInBlock) return verb === 'delete' || verb === 'truncate' || isSure;
  if (BODY_WORDS.has(before) || (isSure && isBehindForall(tokens, index))) return isSure;
  return optionalSemicolon && !NOT_BEFORE.has(before) && (verb === 'delete' || isSure);
}

/** The place of TABLE, VIEW or of a stored body's kind behind the CREATE or ALTER at `index`; -1 for others. */
function objectAt(tokens: readonly Token[], index: number): number {
  for (let at = index + 1; at < index + HEAD_TOKENS; at += 1) {
    const word = tokens[at]?.word ?? ';';
    if (STORED.has(word) || word === 'table' || word === 'view') return at;
    if (word === ';' || word === 'as' || word === 'on') return -1;
  }
  return -1;
}

const FRAMES: ReadonlySet<string> = new Set(['prepare', 'set', 'analyze']);

/**
 * The token at `index` ends what stands in front of a statement that runs: PostgreSQL's `PREPARE p (types) AS`,
 * MariaDB's `SET STATEMENT … FOR` and `ANALYZE FORMAT = JSON`. @param first where that begins
 */
function isFrame(tokens: readonly Token[], first: number, index: number): boolean {
  const word = tokens[first]?.word ?? '';
  if (!FRAMES.has(word)) return false;
  const [second, last] = [tokens[first + 1]?.word, tokens[index]?.word];
  if (word === 'prepare')
    return last === 'as' && index <= first + 2 + (tokens[first + 2]?.word === '(' ? HEAD_TOKENS : 0);
  if (word === 'set') return second === 'statement' && last === 'for';
  return second === 'format' ? index === first + 3 : index === first && second !== 'table';
}
