import { badRequest } from '../api-error.js';
import { listOf } from '../json-value.js';
import type { Json } from '../json-value.js';
import type { SqlValue, Sqlite } from './sqlite.js';
import { numberAt, textAt } from './sqlite.js';

export interface NameHit {
  readonly type: string;
  readonly fqn: string;
  readonly name: string;
  readonly deleted: boolean;
}

/**
 * Entities, live or not, whose name contains a text in any case; by name. `after` is the cursor of an earlier answer.
 */
export function findByName(
  sqlite: Sqlite,
  types: readonly string[],
  text: string,
  limit: number,
  after?: string
): { readonly hits: readonly NameHit[]; readonly after?: string } {
  const position = after === undefined ? [] : readCursor(after);
  const behind = position.length === 0 ? '' : 'AND (name_key, id) > (?, ?)';
  const rows = sqlite
    .prepare(
      `SELECT type, fqn, name, deleted, name_key, id FROM entities
       WHERE type IN (${types.map(() => '?').join(', ')}) AND instr(name_key, ?) > 0 ${behind}
       ORDER BY name_key, id LIMIT ?`
    )
    .rows(...types, text.toLowerCase(), ...position, limit + 1);
  const hits = rows.slice(0, limit).map((row) => ({
    type: textAt(row, 0),
    fqn: textAt(row, 1),
    name: textAt(row, 2),
    deleted: numberAt(row, 3) !== 0,
  }));
  const last = rows[limit - 1];
  if (rows.length <= limit || last === undefined) return { hits };
  return { hits, after: Buffer.from(JSON.stringify([textAt(last, 4), textAt(last, 5)])).toString('base64url') };
}

function readCursor(text: string): SqlValue[] {
  try {
    const [name, id] = listOf(JSON.parse(Buffer.from(text, 'base64url').toString()) as Json);
    if (typeof name === 'string' && typeof id === 'string') return [name, id];
  } catch {
    // falls through: whatever is wrong with it, the caller gets the same error
  }
  throw badRequest('after: this is not a cursor of an earlier answer');
}
