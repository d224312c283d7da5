import { columnIdentity, identityOf } from '../name-identity.js';
import type { Name, NamePart, Source } from '../tree.js';
import type { Cursor } from './cursor.js';
import { FILE_FORMATS } from './keywords.js';
import { doubtPieces, hasPiece, PIECE, takePieces, UNKNOWN_PARTS } from './dynamic/piece.js';
import { piecedText } from './dynamic/pieced-text.js';
import { possibleTexts } from './dynamic/possible-texts.js';
import { textAtPlace } from './dynamic/variable-texts.js';
import type { Token } from './token.js';

export function isName(token: Token): boolean {
  return token.kind === 'word' || token.kind === 'quoted';
}

/** What the name is compared by, ignoring case: an alias, a CTE, what qualifies a column. */
export function identityAt(cursor: Cursor, token: Token): string {
  return identityOf(partOf(token), cursor.traits);
}

/** What a column is compared by, ignoring case. */
export function columnAt(cursor: Cursor, token: Token): string {
  return token.kind === 'quoted' ? columnIdentity(partOf(token), cursor.traits) : token.text;
}

/** The parts of a column's name as they are compared. */
export function columnParts(cursor: Cursor, tokens: readonly Token[]): string[] {
  return tokens.map((token, index) =>
    index === tokens.length - 1 ? columnAt(cursor, token) : identityAt(cursor, token)
  );
}

export function partOf(token: Token): NamePart {
  return { text: token.text, quoted: token.kind === 'quoted' };
}

/**
 * Reads `a.b.c` at the cursor. BigQuery's `my-project.set.table` is one name though it has operators in it, and
 * `` `my-project.set.table` `` is three parts though it is one quoted name.
 */
export function readName(cursor: Cursor): Name | undefined {
  const first = cursor.peek();
  if (first.word === 'identifier' && cursor.peek(1).word === '(') return readIdentifier(cursor);
  if (!isName(first) && first.kind !== 'string' && first.kind !== 'parameter') return undefined;
  const start = cursor.at;
  cursor.at += 1;
  const parts: NamePart[] = [dashed(cursor, partOf(first), first.end)];
  for (;;) {
    const dots = cursor.peek().word;
    if (dots !== '.' && dots !== '..') break;
    const part = cursor.peek(1);
    if (!isName(part) && part.kind !== 'number' && part.kind !== 'parameter') break;
    if (part.kind === 'number') cursor.usesLiterals = true;
    if (dots === '..') parts.push({ text: '', quoted: false });
    cursor.at += 2;
    parts.push(dashed(cursor, partOf(part), part.end));
  }
  if (takePieces(cursor, start) || isNone(cursor, parts)) return undefined;
  if (cursor.dialect === 'bigquery') return sessionName(parts.flatMap(splitQuoted));
  return cursor.dialect === 'oracle' ? throughLink(cursor, parts) : parts;
}

/** True for a name without characters, and for one that goes on as a template has it: `dbo.{t}`, `dbo.$(t)`, `t{x}`. */
function isNone(cursor: Cursor, parts: readonly NamePart[]): boolean {
  const isEmpty = parts.some(({ text, quoted }) => quoted && text === '');
  const isGlued = cursor.sees('{') && cursor.peek().start === cursor.peek(-1).end;
  const isTemplate = isGlued || (cursor.sees('.') && /^[{$<%?]/.test(cursor.peek(1).text));
  const reason = isEmpty ? 'a name is empty' : 'a template is in a name';
  if ((isEmpty || isTemplate) && !cursor.doubts.includes(reason)) cursor.doubt(reason);
  return isEmpty || isTemplate;
}

/** `_SESSION.t` is the temporary table t. */
function sessionName(name: Name): Name {
  return name.length > 1 && name[0]?.text.toLowerCase() === '_session' ? ownName(name.slice(1)) : name;
}

/** Oracle's `b@prod.world` is a table of another database, over a link: no local table is called so. */
function throughLink(cursor: Cursor, name: Name): Name | undefined {
  const link = cursor.peek();
  // the link's name is not known, as in `'t@' || link`
  if (link.word === '@' && cursor.peek(1).text === PIECE) {
    cursor.at += 2;
    return undefined;
  }
  const table = name.at(-1);
  if (link.kind !== 'parameter' || !link.text.startsWith('@') || table === undefined) return name;
  let { end } = cursor.next();
  while (cursor.sees('.') && isName(cursor.peek(1))) {
    end = cursor.peek(1).end;
    cursor.at += 2;
  }
  return [...name.slice(0, -1), { ...table, text: `${table.text}${cursor.sql.slice(link.start, end)}` }];
}

/** What a name of a table means: Spark's and DuckDB's `` parquet.`dir/` `` is a file. */
export function sourceCalled(cursor: Cursor, name: Name): Source {
  const [format, file, ...more] = name;
  const isFile = format?.quoted === false && file?.quoted === true && more.length === 0;
  if (!isFile || !FILE_FORMATS.has(format.text.toLowerCase())) return name;
  return cursor.traits.structs || file.text.includes('/') ? { path: file.text } : name;
}

/** As the name of a temporary table. */
export function ownName(name: Name, isOfTransaction = false): Name {
  const own = isOfTransaction ? { isOfTransaction } : {};
  return name.map((part) => ({ ...part, temporary: true, ...own }));
}

/** Snowflake's IDENTIFIER('db.s.t'), TABLE($t): the name is in a string, or in a variable that the text has set. */
export function readIdentifier(cursor: Cursor): Name | undefined {
  const content = cursor.at + 2;
  cursor.next();
  cursor.skipGroup();
  cursor.usesLiterals = true;
  const text = cursor.token(content).kind === 'string' ? piecedText(cursor, content) : textOfVariable(cursor, content);
  const [name, ...others] = text === undefined ? [PIECE] : possibleTexts(text);
  const isKnown = others.length === 0 && (name === undefined || !hasPiece(name));
  if (!isKnown) cursor.doubt(UNKNOWN_PARTS);
  return isKnown && name !== undefined ? nameInText(name) : undefined;
}

/** `$v)`, `:v)`, `v)` at `from`. */
function textOfVariable(cursor: Cursor, from: number): string | undefined {
  const at = cursor.token(from).word === ':' ? from + 1 : from;
  return cursor.token(at + 1).word === ')' ? textAtPlace(cursor, cursor.token(at).text) : undefined;
}

/** The table that the string at a token of `cursor` names. */
export function tableInText(cursor: Cursor, text: string): Name {
  cursor.usesLiterals = true;
  doubtPieces(cursor, text);
  return nameInText(text);
}

/** A dotted name in a string: `db."S".t`, `db..t`. */
export function nameInText(text: string): Name {
  return (text.match(/"(?:[^"]|"")*"|[^.]+|(?<=\.)(?=\.)/g) ?? [text]).map((part) => ({
    text: part.replace(/^"|"$/g, '').replaceAll('""', '"'),
    quoted: part.startsWith('"'),
  }));
}

function splitQuoted(part: NamePart): readonly NamePart[] {
  if (!part.quoted || !part.text.includes('.')) return [part];
  return part.text.split('.').map((text) => ({ text, quoted: true }));
}

function dashed(cursor: Cursor, part: NamePart, end: number): NamePart {
  if (cursor.dialect !== 'bigquery' || part.quoted) return part;
  let text = part.text;
  let reached = end;
  for (;;) {
    const dash = cursor.peek();
    const next = cursor.peek(1);
    const adjacent = dash.word === '-' && dash.start === reached && next.start === dash.end;
    if (!adjacent || (next.kind !== 'word' && next.kind !== 'number')) return { text, quoted: false };
    if (next.kind === 'number') cursor.usesLiterals = true;
    text += `-${next.text}`;
    reached = next.end;
    cursor.at += 2;
  }
}

/**
 * Reads `(a, b COMMENT 'x', c)` at the cursor as the first word of each entry, as columns are compared; leaves the
 * cursor after it.
 */
export function readColumnList(cursor: Cursor, isNoColumn?: (index: number) => boolean): string[] {
  const columns: string[] = [];
  if (!cursor.sees('(')) return columns;
  const close = cursor.closeOf(cursor.at);
  let index = cursor.at + 1;
  let head = true;
  while (index < close) {
    const token = cursor.token(index);
    if (token.word === '(') {
      index = cursor.closeOf(index) + 1;
      continue;
    }
    if (token.word === ',') head = true;
    else if (head) {
      // `t.c` in a column list is column c.
      const last = cursor.token(index + 1).word === '.' ? cursor.token(index + 2) : token;
      if (isNoColumn?.(index) !== true && (isName(last) || last.kind === 'string'))
        columns.push(columnAt(cursor, last));
      head = false;
    }
    index += 1;
  }
  cursor.at = close + 1;
  return columns;
}
