/**
 * SQLite has no comments on tables and columns, but it keeps CREATE statements word for word, and people write them
 * like this:
 *
 *     CREATE TABLE orders ( -- One row per order.
 *       id INTEGER PRIMARY KEY, -- Assigned at checkout.
 *       -- Gross, in euros.
 *       total DECIMAL(10,2)
 *     )
 *
 * A comment before the first column describes the table. One after a column, on its line, describes that column, even
 * after the comma; one on a line of its own describes the column below it. Block comments count as well.
 */
export interface TableComments {
  readonly table?: string;
  /** By the column's place in the statement, from 0. */
  readonly columns: ReadonlyMap<number, string>;
}

type Token = { readonly kind: 'comment'; readonly text: string } | { readonly kind: 'mark'; readonly text: string };

/** Strings and quoted names, comments, brackets and commas, line ends, white space, anything else. */
const TOKEN =
  /('(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])|--([^\n]*)|\/\*([\s\S]*?)(?:\*\/|$)|([(),])|(\n)|([^\S\n]+)|[^\s'"`[(),/-]+|[\s\S]/g;

export function tableComments(sql: string): TableComments {
  const columns = new Map<number, string[]>();
  const table: string[] = [];
  let depth = 0;
  /** The definition that is being read; -1 before the first. */
  let current = -1;
  let isAfterComma = false;
  let isLineStart = false;
  for (const token of tokens(sql)) {
    if (token.kind === 'comment') {
      if (depth > 1) continue;
      const owner = isAfterComma && isLineStart ? current + 1 : current;
      if (current < 0) table.push(token.text);
      else columns.set(owner, [...(columns.get(owner) ?? []), token.text]);
      continue;
    }
    if (token.text === '\n') {
      isLineStart = true;
      continue;
    }
    isLineStart = false;
    if (token.text === '(') depth += 1;
    else if (token.text === ')') depth -= 1;
    else if (token.text === ',' && depth === 1) isAfterComma = true;
    else if (depth === 1 && (current < 0 || isAfterComma)) {
      current += 1;
      isAfterComma = false;
    }
    if (token.text === ')' && depth === 0) break;
  }
  return {
    ...(table.length === 0 ? {} : { table: table.join(' ') }),
    columns: new Map([...columns].map(([index, texts]) => [index, texts.join(' ')])),
  };
}

/** Comments between AS and the query of a CREATE VIEW. */
export function viewComment(sql: string): string | undefined {
  const head: string[] = [];
  let isAfterAs = false;
  for (const token of tokens(sql)) {
    if (token.kind === 'comment') {
      if (isAfterAs) head.push(token.text);
    } else if (token.text !== '\n') {
      if (isAfterAs) break;
      isAfterAs = token.text.toUpperCase() === 'AS';
    }
  }
  return head.length === 0 ? undefined : head.join(' ');
}

function* tokens(sql: string): Generator<Token> {
  for (const match of sql.matchAll(TOKEN)) {
    const [whole, , line, block, , , blank] = match;
    const comment = line ?? block;
    const text = comment === undefined ? '' : tidy(comment);
    if (text !== '') yield { kind: 'comment', text };
    else if (comment === undefined && blank === undefined) yield { kind: 'mark', text: whole };
  }
}

/** One line, without the stars that frame a block comment. */
function tidy(comment: string): string {
  return comment
    .split('\n')
    .map((line) => line.replace(/^[\s*]+|[\s*]+$/g, ''))
    .filter((line) => line !== '')
    .join(' ');
}
