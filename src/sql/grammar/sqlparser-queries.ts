import type { Cte, Expression, Query, QueryBody, Relation, Select, SelectItem } from '../tree.js';
import { at, list, variant } from './json-tree.js';
import {
  columnParts,
  sqlparserExpression,
  sqlparserName,
  sqlparserPart,
  sqlparserTexts,
} from './sqlparser-expressions.js';

function plain(body: QueryBody): Query {
  return { kind: 'query', ctes: [], recursive: false, body, tail: [] };
}

/** The query of a `Query` body: `{with, body, order_by, …}`. */
export function sqlparserQuery(query: unknown): Query {
  const ctes = list(at(query, 'with', 'cte_tables')).map((cte): Cte => {
    const columns = list(at(cte, 'alias', 'columns')).flatMap(
      (column) => sqlparserPart(at(column, 'name'))?.text ?? []
    );
    return {
      name: sqlparserPart(at(cte, 'alias', 'name'))?.text ?? '',
      columns,
      query: sqlparserQuery(at(cte, 'query')),
    };
  });
  const tail = [sqlparserExpression(at(query, 'order_by'))];
  return {
    kind: 'query',
    ctes,
    recursive: at(query, 'with', 'recursive') === true,
    body: bodyOf(at(query, 'body')),
    tail,
  };
}

function bodyOf(node: unknown): QueryBody {
  const tagged = variant(node);
  const body = tagged?.body;
  switch (tagged?.tag) {
    case 'Select':
      return selectOf(body);
    case 'SetOperation':
      return { kind: 'set', operands: operands(node), byName: String(at(body, 'set_quantifier')).endsWith('ByName') };
    case 'Query':
      return sqlparserQuery(body);
    case 'Values':
      return {
        kind: 'values',
        rows: list(at(body, 'rows')).map((row) => list(at(row, 'content') ?? row).map(sqlparserExpression)),
      };
    default:
      return { kind: 'values', rows: [] };
  }
}

function operands(node: unknown): Query[] {
  const found: Query[] = [];
  let rest = node;
  while (variant(rest)?.tag === 'SetOperation') {
    found.unshift(plain(bodyOf(at(rest, 'SetOperation', 'right'))));
    rest = at(rest, 'SetOperation', 'left');
  }
  found.unshift(plain(bodyOf(rest)));
  return found;
}

function selectOf(body: unknown): Select {
  const from: Relation[] = [];
  const using: string[] = [];
  const conditions = ['selection', 'having', 'qualify', 'group_by'].map((key) => sqlparserExpression(at(body, key)));
  for (const entry of list(at(body, 'from'))) joinedOf(entry, from, using, conditions);
  for (const view of list(at(body, 'lateral_views'))) {
    const alias = sqlparserName(at(view, 'lateral_view_name'))[0]?.text;
    const args = sqlparserExpression(at(view, 'lateral_view'));
    const columnAliases = sqlparserTexts(at(view, 'lateral_col_alias'));
    from.push({ kind: 'function', args, outputs: [], columnAliases, ...(alias === undefined ? {} : { alias }) });
  }
  const into = at(body, 'into', 'name');
  return {
    kind: 'select',
    items: list(at(body, 'projection')).map(itemOf),
    from,
    using,
    conditions,
    windows: new Map(),
    ...(into === undefined ? {} : { into: sqlparserName(into) }),
  };
}

/** Adds the relations and conditions of `{relation, joins}`. */
export function joinedOf(entry: unknown, from: Relation[], using: string[], conditions: Expression[]): void {
  from.push(...relationsOf(at(entry, 'relation'), using, conditions));
  for (const join of list(at(entry, 'joins'))) {
    from.push(...relationsOf(at(join, 'relation'), using, conditions));
    const constraint = variant(at(join, 'join_operator'))?.body;
    for (const column of list(at(constraint, 'Using'))) using.push(...sqlparserTexts(column).slice(-1));
    conditions.push(sqlparserExpression(at(constraint, 'On')));
  }
}

function aliasesOf(body: unknown): { alias?: string; columnAliases?: readonly string[] } {
  const alias = sqlparserPart(at(body, 'alias', 'name'))?.text;
  const columns = list(at(body, 'alias', 'columns')).flatMap((column) => sqlparserPart(at(column, 'name'))?.text ?? []);
  return { ...(alias === undefined ? {} : { alias }), ...(columns.length === 0 ? {} : { columnAliases: columns }) };
}

export function relationsOf(node: unknown, using: string[], conditions: Expression[]): Relation[] {
  const tagged = variant(node);
  const body = tagged?.body;
  switch (tagged?.tag) {
    case 'Table':
      if (at(body, 'args') !== undefined)
        return [{ kind: 'function', args: sqlparserExpression(at(body, 'args')), outputs: [], ...aliasesOf(body) }];
      return [{ kind: 'table', source: sqlparserName(at(body, 'name')), ...aliasesOf(body) }];
    case 'Derived':
      return [{ kind: 'query', query: sqlparserQuery(at(body, 'subquery')), ...aliasesOf(body) }];
    case 'NestedJoin': {
      const nested: Relation[] = [];
      joinedOf(at(body, 'table_with_joins'), nested, using, conditions);
      return nested;
    }
    case 'Pivot':
    case 'Unpivot':
    case 'MatchRecognize':
      return relationsOf(at(body, 'table'), using, conditions);
    case undefined:
      return [];
    default:
      return [{ kind: 'function', args: sqlparserExpression(body), outputs: [], ...aliasesOf(body) }];
  }
}

function itemOf(node: unknown, index: number): SelectItem {
  const tagged = variant(node);
  const body = tagged?.body;
  switch (tagged?.tag) {
    case 'Wildcard':
      return { kind: 'star', qualifier: [], except: exceptOf(body), rename: new Map(), replace: [] };
    case 'QualifiedWildcard': {
      const [name, options] = list(body);
      return {
        kind: 'star',
        qualifier: sqlparserTexts(at(name, 'ObjectName')),
        except: exceptOf(options),
        rename: new Map(),
        replace: [],
      };
    }
    case 'ExprWithAlias': {
      const alias = sqlparserPart(at(body, 'alias'))?.text ?? '';
      return { kind: 'value', value: sqlparserExpression(at(body, 'expr')), name: alias, alias };
    }
    default:
      return {
        kind: 'value',
        value: sqlparserExpression(body),
        name: columnParts(body)?.at(-1) ?? `column${index + 1}`,
      };
  }
}

function exceptOf(options: unknown): readonly string[] {
  const exclude = at(options, 'opt_exclude', 'Multiple') ?? [at(options, 'opt_exclude', 'Single')];
  const except = at(options, 'opt_except');
  return [
    ...sqlparserTexts(exclude),
    ...sqlparserTexts([at(except, 'first_element')]),
    ...sqlparserTexts(at(except, 'additional_elements')),
  ];
}
