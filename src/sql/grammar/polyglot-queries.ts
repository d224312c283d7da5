import type { Cte, Expression, Query, QueryBody, Relation, Select, SelectItem, StarItem } from '../tree.js';
import { at, list, text, variant } from './json-tree.js';
import { polyglotExpression, polyglotName, polyglotPart } from './polyglot-expressions.js';

const SET_TAGS: ReadonlySet<string> = new Set(['union', 'intersect', 'except']);

export function isPolyglotQuery(tag: string): boolean {
  return tag === 'select' || tag === 'subquery' || tag === 'values' || SET_TAGS.has(tag);
}

function plain(body: QueryBody, ctes: readonly Cte[] = [], recursive = false, tail: readonly Expression[] = []): Query {
  return { kind: 'query', ctes, recursive, body, tail };
}

export function polyglotCtes(node: unknown): { ctes: Cte[]; recursive: boolean } {
  const ctes = list(at(node, 'with', 'ctes')).map((cte): Cte => {
    const columns = list(at(cte, 'columns')).flatMap((column) => polyglotPart(column)?.text ?? []);
    return { name: polyglotPart(at(cte, 'alias'))?.text ?? '', columns, query: polyglotQuery(at(cte, 'this')) };
  });
  return { ctes, recursive: at(node, 'with', 'recursive') === true };
}

/** The query of a node; one without columns when the node is no query. */
export function polyglotQuery(node: unknown): Query {
  const tagged = variant(node);
  const body = tagged?.body;
  const { ctes, recursive } = polyglotCtes(body);
  switch (tagged?.tag) {
    case 'select':
      return plain(selectOf(body), ctes, recursive, [polyglotExpression(at(body, 'order_by'))]);
    case 'union':
    case 'intersect':
    case 'except':
      return plain({ kind: 'set', operands: operands(node), byName: at(body, 'by_name') === true }, ctes, recursive);
    case 'subquery':
    case 'paren':
      return plain(polyglotQuery(at(body, 'this')), ctes, recursive);
    case 'values':
      return plain({
        kind: 'values',
        rows: list(at(body, 'expressions')).map((row) => list(at(row, 'expressions')).map(polyglotExpression)),
      });
    default:
      return plain({ kind: 'values', rows: [] });
  }
}

/** Left-deep chains of set operations as one list. */
function operands(node: unknown): Query[] {
  const found: Query[] = [];
  let rest = node;
  for (;;) {
    const tagged = variant(rest);
    const isChain =
      tagged !== undefined && SET_TAGS.has(tagged.tag) && (rest === node || at(tagged.body, 'with') === undefined);
    if (!isChain) break;
    found.unshift(polyglotQuery(at(tagged.body, 'right')));
    rest = at(tagged.body, 'left');
  }
  found.unshift(polyglotQuery(rest));
  return found;
}

function selectOf(body: unknown): Select {
  const from: Relation[] = list(at(body, 'from', 'expressions')).flatMap((relation) => relationsOf(relation));
  const conditions = ['where_clause', 'group_by', 'having', 'qualify', 'connect'].map((key) =>
    polyglotExpression(at(body, key))
  );
  const using: string[] = [];
  joinsOf(list(at(body, 'joins')), from, using, conditions);
  for (const view of list(at(body, 'lateral_views'))) from.push(lateralView(view));
  const into = at(body, 'into', 'this', 'table');
  return {
    kind: 'select',
    items: list(at(body, 'expressions')).map(itemOf),
    from,
    using,
    conditions,
    windows: new Map(),
    ...(into === undefined ? {} : { into: polyglotName(into) }),
  };
}

/** Adds the relations and conditions of a list of joins. */
export function joinsOf(joins: readonly unknown[], from: Relation[], using: string[], conditions: Expression[]): void {
  for (const join of joins) {
    from.push(...relationsOf(at(join, 'this')));
    using.push(...list(at(join, 'using')).flatMap((column) => polyglotPart(column)?.text ?? []));
    conditions.push(polyglotExpression(at(join, 'on')));
  }
}

function lateralView(view: unknown): Relation {
  const alias = polyglotPart(at(view, 'table_alias'))?.text;
  const columnAliases = list(at(view, 'column_aliases')).flatMap((column) => polyglotPart(column)?.text ?? []);
  return {
    kind: 'function',
    args: polyglotExpression(at(view, 'this')),
    outputs: [],
    columnAliases,
    ...(alias === undefined ? {} : { alias }),
  };
}

function aliasesOf(body: unknown): { alias?: string; columnAliases?: readonly string[] } {
  const alias = polyglotPart(at(body, 'alias'))?.text;
  const columns = list(at(body, 'column_aliases')).flatMap((column) => polyglotPart(column)?.text ?? []);
  return { ...(alias === undefined ? {} : { alias }), ...(columns.length === 0 ? {} : { columnAliases: columns }) };
}

/** The relations of one node: several for a bracketed join. */
export function relationsOf(node: unknown): Relation[] {
  const tagged = variant(node);
  const body = tagged?.body;
  switch (tagged?.tag) {
    case 'table':
      return [{ kind: 'table', source: polyglotName(body), ...aliasesOf(body) }];
    case 'subquery':
    case 'paren': {
      const inner = variant(at(body, 'this'));
      if (inner !== undefined && !isPolyglotQuery(inner.tag)) return relationsOf(at(body, 'this'));
      return [{ kind: 'query', query: polyglotQuery(node), ...aliasesOf(body) }];
    }
    case 'joined_table': {
      const relations = relationsOf(at(body, 'left'));
      joinsOf(list(at(body, 'joins')), relations, [], []);
      return relations;
    }
    case 'alias':
      return relationsOf(at(body, 'this')).map((relation) => ({ ...relation, ...aliasesOf(body) }));
    case 'values':
      return [{ kind: 'query', query: polyglotQuery(node), ...aliasesOf(body) }];
    case 'pivot':
    case 'unpivot':
      return relationsOf(at(body, 'this'));
    case 'lateral': {
      const inner = variant(at(body, 'this'));
      if (inner !== undefined && isPolyglotQuery(inner.tag))
        return [{ kind: 'query', query: polyglotQuery(at(body, 'this')), ...aliasesOf(body) }];
      return [{ kind: 'function', args: polyglotExpression(at(body, 'this')), outputs: [], ...aliasesOf(body) }];
    }
    case undefined:
      return [];
    default:
      return [{ kind: 'function', args: polyglotExpression(node), outputs: [], ...aliasesOf(body) }];
  }
}

function itemOf(node: unknown, index: number): SelectItem {
  const tagged = variant(node);
  const body = tagged?.body;
  if (tagged?.tag === 'star') return starOf(body);
  if (tagged?.tag === 'alias') {
    const alias = polyglotPart(at(body, 'alias'))?.text ?? '';
    return { kind: 'value', value: polyglotExpression(at(body, 'this')), name: alias, alias };
  }
  const name = tagged?.tag === 'column' ? polyglotPart(at(body, 'name'))?.text : text(at(body, 'name'));
  return { kind: 'value', value: polyglotExpression(node), name: name ?? `column${index + 1}` };
}

function starOf(body: unknown): StarItem {
  const table = polyglotPart(at(body, 'table'))?.text;
  const except = list(at(body, 'except')).flatMap((column) => polyglotPart(column)?.text ?? []);
  return {
    kind: 'star',
    qualifier: table === undefined ? [] : table.split('.'),
    except,
    rename: new Map(),
    replace: [],
  };
}
