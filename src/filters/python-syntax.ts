/**
 * Filter patterns are written for Python's `re`. They are translated to JavaScript, which reads the same text
 * differently: without the `u` flag it takes `\Z` for the letter Z, with it it refuses `\-`, and `\w` means ASCII
 * letters only.
 */

/** Letters that mean the same in both after a backslash, outside brackets. */
const SAME_ESCAPES = 'sSnrtfv0123456789';
const SYNTAX = '^$\\.*+?()[]{}|/';
const WORD = '_\\p{L}\\p{N}';
const BEFORE = `(?<=[${WORD}])`;
const NOT_BEFORE = `(?<![${WORD}])`;
const AFTER = `(?=[${WORD}])`;
const NOT_AFTER = `(?![${WORD}])`;
const QUANTIFIER = /^\{(\d*)(,?)(\d*)\}/;
/** The start of the text, whatever the flags. */
const START = '(?<![\\s\\S])';
const END = '(?![\\s\\S])';

/** @throws Error (a phrase without the pattern) for what JavaScript can't express. */
export function translate(text: string): string {
  let source = '';
  let at = 0;
  while (at < text.length) {
    const [piece, length] = nextPiece(text.slice(at));
    source += piece;
    at += length;
  }
  return source;
}

/** The translation of the first piece of `text`, and how many characters that piece has. */
function nextPiece(text: string): [string, number] {
  switch (text[0]) {
    case '\\':
      return escape(text);
    case '[':
      return brackets(text);
    case '(':
      return group(text);
    case '{':
    case '*':
    case '+':
    case '?':
      return quantifier(text);
    case '}':
    case ']':
      return [`\\${text[0]}`, 1];
    default:
      return [text.slice(0, 1), 1];
  }
}

function escape(text: string): [string, number] {
  const sign = text[1];
  switch (sign) {
    case undefined:
      throw new Error('it ends with a single backslash');
    case 'w':
      return [`[${WORD}]`, 2];
    case 'W':
      return [`[^${WORD}]`, 2];
    case 'b':
      return [`(?:${BEFORE}${NOT_AFTER}|${NOT_BEFORE}${AFTER})`, 2];
    case 'B':
      return [`(?:${BEFORE}${AFTER}|${NOT_BEFORE}${NOT_AFTER})`, 2];
    case 'A':
      return [START, 2];
    case 'Z':
    case 'z':
      return [END, 2];
    default:
      return sharedEscape(text, sign, SYNTAX);
  }
}

/**
 * Escapes that mean the same inside and outside brackets. `syntax` are the characters that JavaScript allows after a
 * backslash.
 */
function sharedEscape(text: string, sign: string, syntax: string): [string, number] {
  if (sign === 'd') return ['\\p{Nd}', 2];
  if (sign === 'D') return ['\\P{Nd}', 2];
  if (sign === 'a') return ['\\x07', 2];
  const code = /^\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4})/.exec(text);
  if (code !== null) return [code[0], code[0].length];
  if (SAME_ESCAPES.includes(sign)) return [`\\${sign}`, 2];
  if (/[A-Za-z]/.test(sign)) throw new Error(`\\${sign} isn't an escape that Python knows`);
  return [syntax.includes(sign) ? `\\${sign}` : sign, 2];
}

function brackets(text: string): [string, number] {
  let source = text.startsWith('[^') ? '[^' : '[';
  let at = source.length;
  // a closing bracket in first place is one of the characters
  if (text[at] === ']') {
    source += '\\]';
    at += 1;
  }
  while (text[at] !== ']') {
    const sign = text[at];
    if (sign === undefined) throw new Error('a bracket is not closed');
    const [piece, length] = sign === '\\' ? escapeInBrackets(text.slice(at)) : [sign === '[' ? '\\[' : sign, 1];
    source += piece;
    at += length;
  }
  return [`${source}]`, at + 1];
}

function escapeInBrackets(text: string): [string, number] {
  const sign = text[1];
  if (sign === undefined) throw new Error('a bracket is not closed');
  if (sign === 'w') return [WORD, 2];
  if (sign === 'b') return ['\\b', 2];
  if (sign === 'W') throw new Error('\\W inside brackets is not supported; write the characters that are meant');
  return sharedEscape(text, sign, `${SYNTAX}-`);
}

function group(text: string): [string, number] {
  if (!text.startsWith('(?')) return ['(', 1];
  const named = /^\(\?P(<\w+>)/.exec(text);
  if (named !== null) return [`(?${named[1] ?? ''}`, named[0].length];
  const back = /^\(\?P=(\w+)\)/.exec(text);
  if (back !== null) return [`\\k<${back[1] ?? ''}>`, back[0].length];
  const comment = /^\(\?#[^)]*\)/.exec(text);
  if (comment !== null) return ['', comment[0].length];
  const plain = /^\(\?(i?:|=|!|<=|<!|<\w+>)/.exec(text);
  if (plain !== null) return [plain[0].replace('i:', ':'), plain[0].length];
  if (text.startsWith('(?>')) throw new Error('atomic groups (?>…) are not supported; write (?:…)');
  if (text.startsWith('(?(')) throw new Error('conditional groups (?(1)…) are not supported; write two patterns');
  throw new Error(`${text.slice(0, 4)} isn't a supported group (flags such as (?i) go at the start)`);
}

function quantifier(text: string): [string, number] {
  const [piece, length] = text.startsWith('{') ? counted(text) : [text.slice(0, 1), 1];
  const isLiteral = piece === '\\{';
  if (!isLiteral && text[length] === '+') throw new Error('possessive quantifiers (a++) are not supported; write a+');
  if (!isLiteral && text[length] === '?') return [`${piece}?`, length + 1];
  return [piece, length];
}

/** `{2}`, `{2,}`, `{,3}`; any other brace is a character to Python. */
function counted(text: string): [string, number] {
  const match = QUANTIFIER.exec(text);
  if (match === null) return ['\\{', 1];
  const [whole, from = '', comma = '', to = ''] = match;
  if (from === '' && comma === '') return ['\\{', 1];
  return [`{${from === '' ? '0' : from}${comma}${to}}`, whole.length];
}
