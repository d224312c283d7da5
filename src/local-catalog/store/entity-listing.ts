import { badRequest } from '../api-error.js';
import { rangeBelow } from '../fqn.js';
import { parseJsonObject, textOf } from '../json-value.js';
import type { EntityRow } from './entity-row.js';
import { ENTITY_COLUMNS, toEntityRow } from './entity-row.js';
import type { Include } from './entity-store.js';
import type { SqlRow, SqlValue, Sqlite } from './sqlite.js';
import { numberAt, textAt } from './sqlite.js';

/** Which entities of a type: all, the children of one, or everything below one. FQNs are normalised. */
export interface ListFilter {
  readonly type: string;
  readonly include: Include;
  readonly parentFqn?: string;
  readonly belowFqn?: string;
  /** Only test cases of this suite. */
  readonly inTestSuite?: string;
  /** Only queries that name this entity. */
  readonly usedByEntity?: string;
}

export interface EntityPage {
  readonly rows: readonly EntityRow[];
  /** Of the whole filter. */
  readonly total: number;
  /** Cursor of the next page, absent on the last. */
  readonly after?: string;
}

/** No page is longer than this, whatever is asked for; the cursor leads to the rest. */
export const MAX_PAGE_ROWS = 1000;
/** Nor does it have more characters of documents: memory stays bounded when tables have thousands of columns. */
const MAX_PAGE_CHARACTERS = 16 * 1024 * 1024;

interface Cursor {
  readonly name: string;
  readonly id: string;
}

/** Entities ordered by name, then id. `limit` 0 only counts. */
export function listEntities(sqlite: Sqlite, filter: ListFilter, limit: number, after?: string): EntityPage {
  const total = countEntities(sqlite, filter);
  if (limit === 0) return { rows: [], total };
  const { where, parameters } = condition(filter);
  const position = after === undefined ? undefined : readCursor(after);
  const behind = position === undefined ? '' : ' AND (name, id) > (?, ?)';
  const keys = sqlite
    .prepare(`SELECT id, length(document) FROM entities WHERE ${where}${behind} ORDER BY name, id LIMIT ?`)
    .rows(...parameters, ...(position === undefined ? [] : [position.name, position.id]), pageSize(limit) + 1);
  const fitting = keysThatFit(keys, pageSize(limit));
  const read = sqlite.prepare(`SELECT ${ENTITY_COLUMNS} FROM entities WHERE id = ?`);
  const rows = fitting.flatMap((key) => {
    const row = read.row(textAt(key, 0));
    return row === undefined ? [] : [toEntityRow(row)];
  });
  const last = rows.at(-1);
  if (last === undefined || fitting.length === keys.length) return { rows, total };
  return { rows, total, after: writeCursor(last) };
}

export function countEntities(sqlite: Sqlite, filter: ListFilter): number {
  const { where, parameters } = condition(filter);
  const row = sqlite.prepare(`SELECT count(*) FROM entities WHERE ${where}`).row(...parameters);
  return row === undefined ? 0 : numberAt(row, 0);
}

/**
 * The first keys, as many as fit the page with their texts: at least one, at most `limit`.
 * @param keys with the length of the text in the last column
 */
export function keysThatFit(keys: readonly SqlRow[], limit: number): readonly SqlRow[] {
  let characters = 0;
  for (const [count, key] of keys.entries()) {
    characters += numberAt(key, key.length - 1);
    if (count === limit || (count > 0 && characters > MAX_PAGE_CHARACTERS)) return keys.slice(0, count);
  }
  return keys;
}

function pageSize(limit: number): number {
  return Math.min(limit, MAX_PAGE_ROWS);
}

function condition(filter: ListFilter): { where: string; parameters: SqlValue[] } {
  const where = ['type = ?'];
  const parameters: SqlValue[] = [filter.type];
  if (filter.parentFqn !== undefined) {
    where.push('parent_fqn = ?');
    parameters.push(filter.parentFqn);
  }
  if (filter.belowFqn !== undefined) {
    where.push('fqn > ? AND fqn < ?');
    parameters.push(...rangeBelow(filter.belowFqn));
  }
  if (filter.usedByEntity !== undefined) {
    where.push('id IN (SELECT query_id FROM query_uses WHERE entity_id = ?)');
    parameters.push(filter.usedByEntity);
  }
  if (filter.inTestSuite !== undefined) {
    where.push('id IN (SELECT case_id FROM test_suite_cases WHERE suite_id = ?)');
    parameters.push(filter.inTestSuite);
  }
  if (filter.include !== 'all') where.push(`deleted = ${filter.include === 'deleted' ? 1 : 0}`);
  return { where: where.join(' AND '), parameters };
}

function writeCursor(row: EntityRow): string {
  return Buffer.from(JSON.stringify({ name: row.name, id: row.id })).toString('base64url');
}

function readCursor(text: string): Cursor {
  try {
    const cursor = parseJsonObject(Buffer.from(text, 'base64url').toString());
    const name = textOf(cursor['name']);
    const id = textOf(cursor['id']);
    if (name !== undefined && id !== undefined) return { name, id };
  } catch {
    // falls through: whatever is wrong with it, the caller gets the same error
  }
  throw badRequest('after: this is not a cursor of an earlier answer');
}
