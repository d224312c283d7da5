import type { JsonObject } from '../json-value.js';
import { keysThatFit } from '../store/entity-listing.js';
import { ENTITY_COLUMNS, toEntityRow, type EntityRow } from '../store/entity-row.js';
import type { SqlValue, Sqlite } from '../store/sqlite.js';
import { numberAt, textAt } from '../store/sqlite.js';
import type { SearchCondition } from './search-condition.js';

const MAX_HITS = 1000;

/** The order of hits, and after which one to begin. */
export interface SearchOrder {
  /** A column of the entities table; the id breaks ties. */
  readonly column: 'fqn' | 'name' | 'updated_at' | 'id';
  readonly descending: boolean;
  readonly after?: SqlValue;
  readonly from?: number;
  readonly size: number;
}

export interface SearchHit {
  readonly row: EntityRow;
  /** Pass this to continue after this hit. */
  readonly sort: string | number;
}

export interface SearchResult {
  readonly hits: readonly SearchHit[];
  /** Of the whole condition. */
  readonly total: number;
}

/**
 * Entities of a type that meet a condition. The plus keeps SQLite from walking all entities in order just to avoid
 * sorting the few that the index of names finds.
 */
export function searchEntities(
  sqlite: Sqlite,
  type: string,
  condition: SearchCondition,
  order: SearchOrder
): SearchResult {
  const where = `type = ? AND (${condition.where})`;
  const parameters = [type, ...condition.parameters];
  const count = sqlite.prepareOnce(`SELECT count(*) FROM entities WHERE ${where}`).row(...parameters);
  const size = Math.min(order.size, MAX_HITS);
  const direction = order.descending ? 'DESC' : 'ASC';
  const behind = order.after === undefined ? '' : ` AND ${order.column} ${order.descending ? '<' : '>'} ?`;
  const keys = sqlite
    .prepareOnce(
      `SELECT id, ${order.column}, length(document) FROM entities WHERE ${where}${behind}
       ORDER BY +${order.column} ${direction}, id LIMIT ? OFFSET ?`
    )
    .rows(...parameters, ...(order.after === undefined ? [] : [order.after]), size, order.from ?? 0);
  const read = sqlite.prepare(`SELECT ${ENTITY_COLUMNS} FROM entities WHERE id = ?`);
  const hits = keysThatFit(keys, size).flatMap((key) => {
    const row = read.row(textAt(key, 0));
    const sort = typeof key[1] === 'number' ? key[1] : textAt(key, 1);
    return row === undefined ? [] : [{ row: toEntityRow(row), sort }];
  });
  return { hits, total: count === undefined ? 0 : numberAt(count, 0) };
}

/** The answer in Elasticsearch's format. */
export function searchAnswer(result: SearchResult, index: string, source: (row: EntityRow) => JsonObject): JsonObject {
  return {
    took: 0,
    timed_out: false,
    _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
    hits: {
      total: { value: result.total, relation: 'eq' },
      max_score: null,
      hits: result.hits.map(({ row, sort }) => ({
        _index: index,
        _id: row.id,
        _score: null,
        _source: source(row),
        sort: [sort],
      })),
    },
  };
}
