import type { FastifyInstance, FastifyRequest } from 'fastify';
import { badRequest } from '../api-error.js';
import type { Catalog } from '../catalog.js';
import type { Json, JsonObject } from '../json-value.js';
import { listOf } from '../json-value.js';
import { findKind } from '../kinds/all-kinds.js';
import { filterCondition } from '../search/search-filter.js';
import { globPattern, joinConditions, type SearchCondition } from '../search/search-condition.js';
import { searchAnswer, searchEntities, type SearchOrder } from '../search/search-entities.js';
import { searchField } from '../search/search-fields.js';
import { indexedType } from '../search/search-index.js';
import type { EntityRow } from '../store/entity-row.js';
import type { SqlValue } from '../store/sqlite.js';
import { viewEntity } from '../view-entity.js';
import { actorOf, query, queryFlag, queryNumber } from './request-parts.js';

const DEFAULT_SIZE = 10;

/** The two searches that lineage needs, answered from the database: always up to date. */
export function searchRoutes(server: FastifyInstance, catalog: Catalog): void {
  const { sqlite } = catalog.store;

  server.get('/search/fieldQuery', (request) => {
    const field = query(request, 'fieldName') ?? '';
    const value = query(request, 'fieldValue') ?? '';
    const condition = joinConditions([deletedCondition(request), ...fieldCondition(field, value)], 'AND');
    return answer(request, condition, { column: 'fqn', descending: false, ...window(request) });
  });

  server.get('/search/query', (request) => {
    const filter = query(request, 'query_filter');
    const conditions = [deletedCondition(request), ...textCondition(query(request, 'q') ?? '')];
    if (filter !== undefined && filter !== '') conditions.push(filterCondition(parseFilter(filter)));
    return answer(request, joinConditions(conditions, 'AND'), orderOf(request));
  });

  function answer(request: FastifyRequest, condition: SearchCondition, order: SearchOrder): JsonObject {
    const index = query(request, 'index') ?? 'table_search_index';
    const type = indexedType(index);
    const kind = findKind(type);
    if (kind === undefined) throw badRequest(`index: ${index} is not kept here`);
    const source = (row: EntityRow): JsonObject => ({
      ...viewEntity(kind, row, 'all', actorOf(request)),
      entityType: type,
    });
    return searchAnswer(searchEntities(sqlite, type, condition, order), index, source);
  }
}

function deletedCondition(request: FastifyRequest): SearchCondition {
  return { where: 'deleted = ?', parameters: [queryFlag(request, 'deleted', false) ? 1 : 0] };
}

/**
 * A value in which `*` and `?` mean any text and any character; case doesn't matter, quotes around parts do. If the
 * last part of an FQN is fixed and bare, it is looked up by name first, since that has an index.
 */
function fieldCondition(field: string, value: string): SearchCondition[] {
  const pattern = value.toLowerCase();
  const whole = { where: `${searchField(field).sql} GLOB ?`, parameters: [globPattern(pattern)] };
  const last = /(?:^|\.)([^."*?]+)$/.exec(pattern)?.[1];
  if (field !== 'fullyQualifiedName' || last === undefined) return [whole];
  return [{ where: 'name_key = ?', parameters: [last] }, whole];
}

/** Free text: part of a name or FQN; nothing or `*` finds all. */
function textCondition(text: string): SearchCondition[] {
  const words = text.replaceAll('*', '').trim().toLowerCase();
  return words === '' ? [] : [{ where: 'instr(fqn_key, ?) > 0', parameters: [words] }];
}

function parseFilter(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw badRequest('query_filter: this is not JSON');
  }
}

const SORT_COLUMNS: ReadonlyMap<string, SearchOrder['column']> = new Map([
  ['fullyQualifiedName', 'fqn'],
  ['name', 'name'],
  ['name.keyword', 'name'],
  ['updatedAt', 'updated_at'],
  ['id', 'id'],
  ['_score', 'fqn'],
]);

function orderOf(request: FastifyRequest): SearchOrder {
  const field = query(request, 'sort_field') ?? '_score';
  const column = SORT_COLUMNS.get(field);
  if (column === undefined)
    throw badRequest(`sort_field: ${field} is not one of ${[...SORT_COLUMNS.keys()].join(', ')}`);
  const after = searchAfter(query(request, 'search_after'), column);
  const descending = query(request, 'sort_order') === 'desc';
  return { column, descending, ...window(request), ...(after === undefined ? {} : { after }) };
}

/** The sort value of the last hit, bare or as a JSON list. */
function searchAfter(text: string | undefined, column: SearchOrder['column']): SqlValue | undefined {
  if (text === undefined || text === '') return undefined;
  const value = text.startsWith('[') ? listOf(parseFilter(text))[0] : text;
  if (column === 'updated_at') return Number(value);
  return typeof value === 'string' ? value : undefined;
}

function window(request: FastifyRequest): { from: number; size: number } {
  return { from: queryNumber(request, 'from', 0, 0), size: queryNumber(request, 'size', DEFAULT_SIZE, 0) };
}
