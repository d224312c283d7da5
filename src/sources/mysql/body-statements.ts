import { withoutComments } from './without-comments.js';

/** What the server writes in place of a variable: ` NAME_CONST('v',_latin1'x' COLLATE 'latin1_swedish_ci')`. */
const VARIABLE =
  /\s*\bname_const\('((?:[^'\\]|\\.)*)',(?:_\w+)?(?:'(?:[^'\\]|\\.)*'|[^()',]*)(?:\s+collate\s+'[^']*')?\)/gi;
const STRING = /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"/gs;
/** Mostly a name under ANSI_QUOTES: bodies that differ by it aren't the same. */
const NAME_IN_QUOTES = /^"[\w$\u0080-\uffff]+"$/;
const CONDITION = '(?:sqlstate(?: value)? ?\\?|not found|[\\w$\\u0080-\\uffff]+)';
/** What a statement stands behind, besides `;` and the beginning: its first word may be any that the server knows. */
const LEADING = new RegExp(
  `(?<![\\w$.@])(?:begin(?: not atomic)?|then|else|do|loop|repeat|handler for ${CONDITION}(?:,${CONDITION})*)(?![\\w$]) ?|>>`,
  'g'
);
const SET = /^set(?! statement )(?=[ @])/;
/** Logged without it, or with the one of another assignment. */
const SCOPE = /^set (?:global|session|local)(?=[ @])/;
/** Of a piece between two `;`, how many places are taken for a statement's beginning. */
const BEGINNINGS = 20;
/** Longer texts are known by their beginning. */
const KEPT = 5_000;

/**
 * The same for a statement as it stands in a body and as the server logs it: without what spaces, comments, strings,
 * quotes of names and values of variables make different.
 */
export function bodyKey(text: string): string {
  return plainStatement(text.replace(VARIABLE, ' $1')).replace(/;$/, '').replace(SCOPE, 'set').slice(0, KEPT);
}

/** The keys of all statements of a body, and of some texts that are none. */
export function statementsOf(body: string): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const piece of plainStatement(body).split(';')) {
    const behind = [...piece.matchAll(LEADING)].slice(0, BEGINNINGS).map(({ 0: lead, index }) => index + lead.length);
    for (const statement of [0, ...behind].flatMap((start) => asLogged(piece.slice(start))))
      if (statement !== '') keys.add(statement.slice(0, KEPT));
  }
  return keys;
}

/** A SET has a row for each of its assignments. */
function asLogged(statement: string): readonly string[] {
  if (!SET.test(statement)) return [statement];
  const [whole, ...others] = [statement, ...assignmentsOf(statement.slice('set'.length))];
  // no blank stands before a sign
  return [whole, ...others.map((other) => `set${/^[ @]/.test(other) ? '' : ' '}${other}`)].map((set) =>
    set.replace(SCOPE, 'set')
  );
}

/** What stands between commas outside of brackets. */
function assignmentsOf(text: string): readonly string[] {
  const found: string[] = [];
  let [depth, start] = [0, 0];
  for (const { 0: sign, index } of text.matchAll(/[(),]/g)) {
    if (sign === '(') depth += 1;
    else if (sign === ')') depth -= 1;
    else if (depth === 0) {
      found.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...found, text.slice(start)];
}

/** In lower case, without comments, strings, quotes of names and the blanks that make no difference. */
export function plainStatement(text: string): string {
  return withoutComments(text)
    .replace(STRING, (quoted) => (NAME_IN_QUOTES.test(quoted) ? quoted.slice(1, -1) : '?'))
    .replaceAll('`', '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([^\w$?]) ?/g, (all, sign: string) => (sign === ' ' ? all : sign))
    .trim()
    .toLowerCase();
}
