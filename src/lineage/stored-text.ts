import { beginning } from '../errors/index.js';
import { maskLiterals, type Dialect, type SqlSession } from '../sql/index.js';

/** Longest statement kept with an edge or as a query, in characters: an edge from a longer one keeps its beginning. */
const KEPT_TEXT = 100_000;

/** A statement as kept with an edge or as a query: masked, and bounded. */
export function storedText(text: string, dialect: Dialect, session?: SqlSession): string {
  const sql = maskLiterals(text, dialect, session);
  return sql.length <= KEPT_TEXT ? sql : `${beginning(sql, KEPT_TEXT)} /* … of ${sql.length} characters */`;
}
