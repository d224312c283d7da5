import type { Name } from '../../tree.js';
import { hasPiece, PIECE } from './piece.js';

/** What is known of the procedure that a variable names. */
export interface NamedProcedure {
  /** Lower case, its schema and the like in front; absent where its own name is not known. */
  readonly parts?: readonly string[];
  /** The database that it runs in, if it names one. */
  readonly database?: Name;
}

/** By each text that the variable may have. */
export function namedProcedure(texts: readonly string[]): NamedProcedure {
  const [first, ...others] = texts.map(nameParts);
  const own = first?.at(-1)?.toLowerCase();
  if (first === undefined || own === undefined || hasPiece(own)) return {};
  if (others.some((other) => other.at(-1)?.toLowerCase() !== own)) return {};
  const parts = first.map((part) => part.toLowerCase());
  const database = first.at(-3);
  const isOne = others.every((other) => other.at(-3) === database);
  // a piece in front may be a database and a schema
  const name = isOne && !first.some(hasPiece) ? database : PIECE;
  return name === undefined ? { parts } : { parts, database: [{ text: name, quoted: name !== PIECE }] };
}

/** `[db].sys.sp_executesql`, `db..sp_executesql` */
function nameParts(text: string): readonly string[] {
  const parts = text.replace('..', '.dbo.').match(/\[(?:[^\]]|\]\])*\]|"(?:[^"]|"")*"|[^."[]+/g) ?? [];
  return parts.map((part) => part.trim().replace(/^[["]|[\]"]$/g, ''));
}
