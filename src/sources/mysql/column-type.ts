/** A COLUMN_TYPE taken apart: `decimal(10,2) unsigned` is `decimal` with `10` and `2`. */
export interface ColumnType {
  readonly name: string;
  /** What is between the brackets, with enum and set members unquoted; undefined without brackets. */
  readonly arguments: readonly string[] | undefined;
}

const NAME = /^\s*([a-z_][a-z0-9_]*)\s*/i;
/** A quoted member (quotes doubled, or after a backslash on very old servers) or a bare number or word. */
const ARGUMENT = /\s*(?:'((?:[^'\\]|''|\\.)*)'|([^,()']*))\s*(,|\))/y;

/**
 * Parses `information_schema.COLUMNS.COLUMN_TYPE`. What follows the brackets (unsigned, zerofill, remarks) is dropped.
 */
export function parseColumnType(text: string): ColumnType {
  const name = NAME.exec(text);
  if (name?.[1] === undefined) return { name: text.trim().toLowerCase(), arguments: undefined };
  const open = name[0].length;
  if (text[open] !== '(') return { name: name[1].toLowerCase(), arguments: undefined };
  return { name: name[1].toLowerCase(), arguments: readArguments(text, open + 1) };
}

function readArguments(text: string, start: number): string[] {
  const found: string[] = [];
  ARGUMENT.lastIndex = start;
  for (let match = ARGUMENT.exec(text); match !== null; match = ARGUMENT.exec(text)) {
    const [, quoted, bare = '', end] = match;
    found.push(quoted === undefined ? bare.trim() : quoted.replaceAll("''", "'"));
    if (end === ')') break;
  }
  return found;
}
