import type { Expression, Query, QueryBody, Relation, Select, SelectItem, SharingJoin, StarItem } from '../tree.js';

/** `*`, without anything behind it. */
export const ALL_COLUMNS: StarItem = { kind: 'star', qualifier: [], except: [], rename: new Map(), replace: [] };

/** A query that is its body alone: no CTEs before it, nothing behind it. */
export function plainQuery<Body extends QueryBody>(body: Body): Query & { readonly body: Body } {
  return { kind: 'query', ctes: [], recursive: false, body, tail: [] };
}

/** A SELECT as such a query. */
export function rowsOf(
  items: readonly SelectItem[],
  from: readonly Relation[],
  using: readonly SharingJoin[] = [],
  conditions: readonly Expression[] = []
): Query & { readonly body: Select } {
  return plainQuery({ kind: 'select', items, from, using, conditions, windows: new Map() });
}
