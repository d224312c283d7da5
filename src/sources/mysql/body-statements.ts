import { withoutComments } from './without-comments.js';

/** What the server writes in place of a variable: ` NAME_CONST('v',_latin1'x' COLLATE 'latin1_swedish_ci')`. */
const VARIABLE =
  /\s*\bname_const\('((?:[^'\\]|\\.)*)',(?:_\w+)?(?:'(?:[^'\\]|\\.)*'|[^()',]*)(?:\s+collate\s+'[^']*')?\)/gi;
const STRING = /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"/gs;
/** Mostly a name under ANSI_QUOTES: bodies that differ by it aren't the same. */
const NAME_IN_QUOTES = /^"[\w$\u0080-\uffff]+"$/;
const WORDS = [
  ...['select', 'insert', 'update', 'delete', 'replace', 'with', 'load', 'truncate', 'call', 'set', 'do', 'create'],
  ...['drop', 'alter', 'rename', 'analyze', 'optimize', 'lock', 'unlock', 'prepare', 'execute', 'deallocate'],
];
const BEGINNING = new RegExp(`(?<![\\w$.@])(?:${WORDS.join('|')})\\b`, 'g');
/** Of a piece between two `;`, how many places are taken for a statement's beginning. */
const BEGINNINGS = 20;
/** Longer texts are known by their beginning. */
const KEPT = 5_000;

/**
 * The same for a statement as it stands in a body and as the server logs it: without what spaces, comments, strings,
 * quotes of names and values of variables make different.
 */
export function bodyKey(text: string): string {
  return plainStatement(text.replace(VARIABLE, ' $1')).replace(/;$/, '').slice(0, KEPT);
}

/** The keys of all statements of a body, and of some texts that are none. */
export function statementsOf(body: string): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const piece of plainStatement(body).split(';'))
    for (const { index } of [...piece.matchAll(BEGINNING)].slice(0, BEGINNINGS))
      keys.add(piece.slice(index, index + KEPT));
  return keys;
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
