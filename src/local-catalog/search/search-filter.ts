import { badRequest } from '../api-error.js';
import type { Json } from '../json-value.js';
import { isJsonObject, listOf, numberOf, textOf } from '../json-value.js';
import type { SqlValue } from '../store/sqlite.js';
import { ALWAYS, globPattern, joinConditions, notCondition, type SearchCondition } from './search-condition.js';
import { searchField } from './search-fields.js';

/**
 * Translates Elasticsearch's filter language, as far as lineage uses it, into a condition: bool (must, filter, should,
 * must_not, minimum_should_match 1), term, terms, match, match_phrase, wildcard, prefix, exists, match_all.
 * @throws ApiError 400 for anything else
 */
export function filterCondition(filter: Json): SearchCondition {
  if (!isJsonObject(filter)) throw badRequest('query_filter: expected an object');
  const [clause, ...rest] = Object.keys(filter);
  if (clause === undefined) return ALWAYS;
  const body = filter[clause] ?? null;
  if (rest.length > 0)
    throw badRequest(`query_filter: more than one clause in one object: ${Object.keys(filter).join(', ')}`);
  switch (clause) {
    case 'query':
      return filterCondition(body);
    case 'match_all':
      return ALWAYS;
    case 'bool':
      return boolCondition(body);
    case 'exists':
      return existsCondition(body);
    case 'term':
    case 'match':
    case 'match_phrase':
      return onField(body, (sql, value) => equalTo(sql, [value]));
    case 'terms':
      return onField(body, (sql, value) => equalTo(sql, listOf(value)));
    case 'wildcard':
      return onField(body, (sql, value) => ({ where: `${sql} GLOB ?`, parameters: [globPattern(lowerText(value))] }));
    case 'prefix':
      return onField(body, (sql, value) => ({ where: `${sql} GLOB ?`, parameters: [escaped(lowerText(value)) + '*'] }));
    default:
      throw badRequest(`query_filter: the clause ${clause} is not known here`);
  }
}

function boolCondition(body: Json): SearchCondition {
  if (!isJsonObject(body)) throw badRequest('query_filter: bool expects an object');
  const parts: SearchCondition[] = [];
  const required = [...clauses(body['must']), ...clauses(body['filter'])];
  parts.push(
    ...required.map(filterCondition),
    ...clauses(body['must_not']).map((each) => notCondition(filterCondition(each)))
  );
  const optional = clauses(body['should']);
  const minimum = numberOf(body['minimum_should_match']) ?? (required.length === 0 ? 1 : 0);
  if (optional.length > 0 && minimum > 0) parts.push(joinConditions(optional.map(filterCondition), 'OR'));
  return joinConditions(parts, 'AND');
}

/** One clause or a list of them. */
function clauses(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return isJsonObject(value) ? [value] : listOf(value);
}

function existsCondition(body: Json): SearchCondition {
  const name = isJsonObject(body) ? textOf(body['field']) : undefined;
  if (name === undefined) throw badRequest('query_filter: exists expects {"field": name}');
  return { where: `${searchField(name).sql} IS NOT NULL`, parameters: [] };
}

/** `{field: value}` or `{field: {value: …}}`. */
function onField(body: Json, condition: (sql: string, value: Json) => SearchCondition): SearchCondition {
  const entries = isJsonObject(body) ? Object.entries(body) : [];
  const parts = entries.map(([name, value]) => condition(searchField(name).sql, plainValue(value ?? null)));
  if (parts.length === 0) throw badRequest('query_filter: a clause names no field');
  return joinConditions(parts, 'AND');
}

function plainValue(value: Json): Json {
  if (!isJsonObject(value)) return value;
  return value['value'] ?? value['query'] ?? null;
}

function equalTo(sql: string, values: readonly Json[]): SearchCondition {
  const parameters = values.map(toSql);
  return { where: `${sql} IN (${parameters.map(() => '?').join(', ')})`, parameters };
}

function toSql(value: Json): SqlValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === 'true' || value === 'false') return value === 'true' ? 1 : 0;
  if (typeof value === 'number') return value;
  return lowerText(value);
}

function lowerText(value: Json): string {
  if (typeof value !== 'string') throw badRequest('query_filter: expected text');
  return value.toLowerCase();
}

function escaped(text: string): string {
  return globPattern(text).replace(/\*/g, '[*]').replace(/\?/g, '[?]');
}
