import type { Expression, MergeClause, Query, Relation, Statement } from '../tree.js';
import { at, list, text, variant } from './json-tree.js';
import { polyglotExpression, polyglotName, polyglotPart } from './polyglot-expressions.js';
import { isPolyglotQuery, joinsOf, polyglotCtes, polyglotQuery, relationsOf } from './polyglot-queries.js';

/** Statements that polyglot's tree tells enough of; `undefined` for all others, which the next reader gets. */
export function polyglotStatement(node: unknown): Statement | undefined {
  const tagged = variant(node);
  if (tagged === undefined) return undefined;
  const { tag, body } = tagged;
  if (isPolyglotQuery(tag)) return { kind: 'select', query: polyglotQuery(node) };
  switch (tag) {
    case 'insert':
      return insertOf(body);
    case 'create_table':
      return createOf(body, 'table', at(body, 'as_select'));
    case 'create_view':
      return createOf(body, 'view', at(body, 'query'));
    case 'update':
      return updateOf(body);
    case 'merge':
      return mergeOf(body);
    case 'delete':
    case 'truncate':
      return { kind: 'other', verb: tag };
    default:
      return undefined;
  }
}

function names(value: unknown): string[] {
  return list(value).flatMap((column) => polyglotPart(column)?.text ?? polyglotPart(at(column, 'name'))?.text ?? []);
}

function insertOf(body: unknown): Statement | undefined {
  const table = at(body, 'table');
  if (table === undefined) return undefined;
  const rows = list(at(body, 'values')).map((row) => list(row).map(polyglotExpression));
  const { ctes, recursive } = polyglotCtes(body);
  const inner = at(body, 'query') === undefined ? undefined : polyglotQuery(at(body, 'query'));
  const content: Query | undefined =
    inner ??
    (rows.length === 0
      ? undefined
      : { kind: 'query', ctes: [], recursive: false, body: { kind: 'values', rows }, tail: [] });
  const query: Query | undefined =
    content === undefined || ctes.length === 0 ? content : { kind: 'query', ctes, recursive, body: content, tail: [] };
  const fixed = list(at(body, 'partition')).flatMap((entry) =>
    (list(entry)[1] ?? undefined) === undefined ? [] : (polyglotPart(list(entry)[0])?.text ?? [])
  );
  return {
    kind: 'insert',
    target: polyglotName(table),
    columns: names(at(body, 'columns')),
    fixedColumns: fixed,
    byName: at(body, 'by_name') === true,
    extras: [],
    ...(query === undefined ? {} : { query }),
  };
}

function createOf(body: unknown, what: 'table' | 'view', content: unknown): Statement {
  const target = polyglotName(at(body, 'name'));
  const clone = at(body, 'clone_source');
  if (clone !== undefined)
    return { kind: 'transfer', verb: 'clone', from: [polyglotName(clone)], to: target, columns: [] };
  for (const constraint of list(at(body, 'constraints'))) {
    const like = at(constraint, 'Like', 'source');
    if (like !== undefined)
      return { kind: 'transfer', verb: 'like', from: [polyglotName(like)], to: target, columns: [] };
  }
  return {
    kind: 'create',
    what,
    temporary: at(body, 'temporary') === true,
    target,
    columns: names(at(body, 'columns')),
    ...(content === undefined ? {} : { query: polyglotQuery(content) }),
  };
}

function updateOf(body: unknown): Statement {
  const { ctes, recursive } = polyglotCtes(body);
  const targets: Relation[] = [
    { table: at(body, 'table') },
    ...list(at(body, 'extra_tables')).map((table) => ({ table })),
  ].flatMap(relationsOf);
  const relations = list(at(body, 'from_clause', 'expressions')).flatMap(relationsOf);
  const conditions: Expression[] = [polyglotExpression(at(body, 'where_clause'))];
  joinsOf(list(at(body, 'table_joins')), targets, [], conditions);
  joinsOf(list(at(body, 'from_joins')), relations, [], conditions);
  const assignments = list(at(body, 'set')).map((pair) => {
    const [column, value] = list(pair);
    return { column: { parts: (polyglotPart(column)?.text ?? '').split('.') }, value: polyglotExpression(value) };
  });
  return { kind: 'update', ctes, recursive, targets, relations, assignments, conditions };
}

function mergeOf(body: unknown): Statement | undefined {
  const [target] = relationsOf(at(body, 'this'));
  const [source] = relationsOf(at(body, 'using'));
  if (target === undefined || source === undefined) return undefined;
  const { ctes, recursive } = polyglotCtes(body);
  const clauses = list(at(body, 'whens', 'whens', 'expressions')).flatMap(
    (when) => clauseOf(at(when, 'when', 'then')) ?? []
  );
  return { kind: 'merge', ctes, recursive, target, source, clauses, conditions: [polyglotExpression(at(body, 'on'))] };
}

/** `THEN` is a tuple of a verb and its lists. */
function clauseOf(then: unknown): MergeClause | undefined {
  const [verb, first, second] = list(at(then, 'tuple', 'expressions'));
  const wholeRow = { columns: [], values: [], assignments: [], wholeRow: true };
  switch (text(at(verb, 'var', 'this'))) {
    case 'UPDATE': {
      if (first === undefined) return wholeRow;
      const assignments = list(at(first, 'tuple', 'expressions')).flatMap((assignment) => {
        const column = at(assignment, 'eq', 'left', 'column');
        const parts = [polyglotPart(at(column, 'table'))?.text, polyglotPart(at(column, 'name'))?.text].filter(
          (part) => part !== undefined
        );
        return parts.length === 0
          ? []
          : [{ column: { parts }, value: polyglotExpression(at(assignment, 'eq', 'right')) }];
      });
      return { columns: [], values: [], assignments, wholeRow: false };
    }
    case 'INSERT': {
      if (first === undefined) return wholeRow;
      const lists =
        second === undefined
          ? { columns: [], values: first }
          : { columns: list(at(first, 'tuple', 'expressions')), values: second };
      const columns = lists.columns.flatMap(
        (column) =>
          polyglotPart(at(column, 'identifier'))?.text ?? polyglotPart(at(column, 'column', 'name'))?.text ?? []
      );
      return {
        columns,
        values: list(at(lists.values, 'tuple', 'expressions')).map(polyglotExpression),
        assignments: [],
        wholeRow: false,
      };
    }
    default:
      return undefined;
  }
}
