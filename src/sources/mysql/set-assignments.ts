import { stringPlaces, type SqlSession } from '../../sql/index.js';
import { withoutComments } from './without-comments.js';

/** A SET at the beginning of one of the statements of a text; those of dumps stand in comments that the server runs. */
const SET = /(?:^|;)\s*(?:\/\*M?!\d*\s*)?set\s+(?!statement\b)/gi;
/** A CREATE of what has statements inside, which don't run when it does. */
const STORES =
  /(?:^|;)\s*(?:\/\*M?!\d*\s*)?create\b(?:[^;(]|\(\s*\))*?\b(?:procedure|function|trigger|event|package)\b/i;
const END = /\bend\b/gi;
/** What calls and subqueries have in brackets. */
const BRACKETS = '\\((?:[^()]|\\((?:[^()]|\\((?:[^()]|\\([^()]*\\))*\\))*\\))*\\)';
/** An assignment, with the comma before it; its value ends at a comma outside of quotes and brackets. */
const ASSIGNMENT = new RegExp(
  `^\\s*(?:(global|session|local|persist|persist_only)\\s+)?((?:@@(?:[a-z_]+\\s*\\.\\s*)?|@)?(?:\`[^\`]*\`|[\\w$.]+|'[^']*'))\\s*(?::=|=)\\s*` +
    `((?:'(?:[^'\\\\]|\\\\.|'')*'|"(?:[^"\\\\]|\\\\.|"")*"|${BRACKETS}|[^,;'"()*]|\\*(?!/))+)(,)?`,
  'i'
);
/** SET NAMES and SET CHARACTER SET may stand before assignments. */
const NAMES = /^\s*(?:names|character\s+set|charset)\s+[^\s,;][^,;]*,/i;
const OWN_PREFIX = /^@@(?:(?:session|local)\s*\.\s*)?/i;
const GLOBAL_PREFIX = /^@@(?:global|persist|persist_only)\s*\.\s*/i;
const GLOBAL_WORD = /^(?:global|persist|persist_only)$/i;

/** A value that a text gives to a variable of the server. */
export interface SetAssignment {
  /** As SQL writes it. */
  readonly value: string;
  /** For sessions that begin later; otherwise for the one that ran the text. */
  readonly isGlobal: boolean;
}

type Variable = 'time_zone' | 'sql_mode';
const MAY_SET: Readonly<Record<Variable, RegExp>> = { time_zone: /time_zone/i, sql_mode: /sql_mode/i };

/** What the SETs of a text assign to a variable, in order. */
export function setAssignments(written: string, variable: Variable, session?: SqlSession): readonly SetAssignment[] {
  if (!MAY_SET[variable].test(written)) return [];
  const text = withoutComments(written, session);
  const [begin, end] = storedPart(text);
  const sets = [...text.matchAll(SET)].filter(({ index }) => index < begin || index > end);
  // where the text begins with it, it is in no string
  const isCode = sets.every(({ index }) => index === 0) ? () => true : codeOf(text, session);
  return sets.flatMap(({ 0: head, index }) =>
    isCode(index) ? assignmentsOf(text.slice(index + head.length), variable) : []
  );
}

/** From where to where a text has statements that don't run with it. */
function storedPart(text: string): readonly [begin: number, end: number] {
  const begin = STORES.exec(text)?.index;
  if (begin === undefined) return [Infinity, Infinity];
  return [begin, [...text.matchAll(END)].at(-1)?.index ?? begin];
}

/** Tells whether a place of the text is outside of its strings; to be asked in order. */
function codeOf(text: string, session?: SqlSession): (index: number) => boolean {
  const strings = stringPlaces(text, 'mysql', session);
  let next = 0;
  return (index) => {
    while ((strings[next]?.[1] ?? Infinity) <= index) next += 1;
    return index <= (strings[next]?.[0] ?? Infinity);
  };
}

function assignmentsOf(assignments: string, variable: Variable): readonly SetAssignment[] {
  const found: SetAssignment[] = [];
  let isGlobal = false;
  let rest = assignments.slice(NAMES.exec(assignments)?.[0].length ?? 0);
  for (let match = ASSIGNMENT.exec(rest); match !== null; match = ASSIGNMENT.exec(rest)) {
    const [whole, word, name = '', value = '', comma] = match;
    // the word holds for the assignments behind it as well
    if (word !== undefined) isGlobal = GLOBAL_WORD.test(word);
    const isAll = GLOBAL_PREFIX.test(name) || (isGlobal && !name.startsWith('@@'));
    const bare = name.replace(isAll ? GLOBAL_PREFIX : OWN_PREFIX, '').replaceAll('`', '');
    if (bare.toLowerCase() === variable) found.push({ value: value.trim(), isGlobal: isAll });
    if (comma === undefined) break;
    rest = rest.slice(whole.length);
  }
  return found;
}
