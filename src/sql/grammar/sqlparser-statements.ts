import type { Assignment, Expression, MergeClause, Query, Relation, Statement } from '../tree.js';
import { at, list, variant } from './json-tree.js';
import { sqlparserExpression, sqlparserName, sqlparserPart, sqlparserTexts } from './sqlparser-expressions.js';
import { joinedOf, relationsOf, sqlparserQuery } from './sqlparser-queries.js';

/** Statements that sqlparser's tree tells enough of; `undefined` for all others. */
export function sqlparserStatement(node: unknown): Statement | undefined {
  const tagged = variant(node);
  const body = tagged?.body;
  switch (tagged?.tag) {
    case 'Query':
      return queryStatement(body);
    case 'Insert':
      return insertOf(body, undefined);
    case 'CreateTable':
      return createOf(body, 'table');
    case 'CreateView':
      return createOf(body, 'view');
    case 'Update':
      return updateOf(body);
    case 'Merge':
      return mergeOf(body);
    case 'Delete':
    case 'Truncate':
      return { kind: 'other', verb: tagged.tag.toLowerCase() };
    default:
      return undefined;
  }
}

/** `WITH … INSERT …` arrives as a query whose body is the statement. */
function queryStatement(body: unknown): Statement | undefined {
  const inner = variant(at(body, 'body'));
  if (inner?.tag === 'Insert')
    return insertOf(at(inner.body, 'Insert') ?? inner.body, sqlparserQuery({ with: at(body, 'with') }));
  if (inner?.tag === 'Update' || inner?.tag === 'Merge' || inner?.tag === 'Delete') return undefined;
  return { kind: 'select', query: sqlparserQuery(body) };
}

function insertOf(body: unknown, prefix: Query | undefined): Statement | undefined {
  const target = sqlparserName(at(body, 'table', 'TableName') ?? at(body, 'table_name'));
  if (target.length === 0) return undefined;
  const source = at(body, 'source') === undefined ? undefined : sqlparserQuery(at(body, 'source'));
  const query: Query | undefined = source === undefined || prefix === undefined ? source : { ...prefix, body: source };
  const fixed = list(at(body, 'partitioned')).flatMap(
    (entry) => sqlparserPart(at(entry, 'BinaryOp', 'left'))?.text ?? []
  );
  return {
    kind: 'insert',
    target,
    columns: sqlparserTexts(at(body, 'columns')),
    fixedColumns: fixed,
    byName: false,
    extras: [],
    ...(query === undefined ? {} : { query }),
  };
}

function createOf(body: unknown, what: 'table' | 'view'): Statement {
  const target = sqlparserName(at(body, 'name'));
  const clone = at(body, 'clone');
  if (clone !== undefined)
    return { kind: 'transfer', verb: 'clone', from: [sqlparserName(clone)], to: target, columns: [] };
  const like = variant(at(body, 'like'))?.body;
  if (like !== undefined)
    return { kind: 'transfer', verb: 'like', from: [sqlparserName(at(like, 'name'))], to: target, columns: [] };
  const query = at(body, 'query');
  return {
    kind: 'create',
    what,
    temporary: at(body, 'temporary') === true,
    target,
    columns: list(at(body, 'columns')).flatMap((column) => sqlparserPart(at(column, 'name'))?.text ?? []),
    ...(query === undefined ? {} : { query: sqlparserQuery(query) }),
  };
}

function assignmentsOf(value: unknown): Assignment[] {
  return list(value).flatMap((assignment): Assignment[] => {
    const parts = sqlparserTexts(at(assignment, 'target', 'ColumnName'));
    return parts.length === 0 ? [] : [{ column: { parts }, value: sqlparserExpression(at(assignment, 'value')) }];
  });
}

function updateOf(body: unknown): Statement {
  const targets: Relation[] = [];
  const relations: Relation[] = [];
  const conditions: Expression[] = [sqlparserExpression(at(body, 'selection'))];
  joinedOf(at(body, 'table'), targets, [], conditions);
  for (const entry of list(variant(at(body, 'from'))?.body)) joinedOf(entry, relations, [], conditions);
  return {
    kind: 'update',
    ctes: [],
    recursive: false,
    targets,
    relations,
    assignments: assignmentsOf(at(body, 'assignments')),
    conditions,
  };
}

function mergeOf(body: unknown): Statement | undefined {
  const conditions = [sqlparserExpression(at(body, 'on'))];
  const [target] = relationsOf(at(body, 'table'), [], conditions);
  const [source] = relationsOf(at(body, 'source'), [], conditions);
  if (target === undefined || source === undefined) return undefined;
  const clauses = list(at(body, 'clauses')).flatMap((clause) => clauseOf(at(clause, 'action')) ?? []);
  return { kind: 'merge', ctes: [], recursive: false, target, source, clauses, conditions };
}

function clauseOf(action: unknown): MergeClause | undefined {
  const update = at(action, 'Update');
  if (update !== undefined)
    return { columns: [], values: [], assignments: assignmentsOf(at(update, 'assignments')), wholeRow: false };
  const insert = at(action, 'Insert');
  if (insert === undefined) return undefined;
  if (at(insert, 'kind') === 'Row') return { columns: [], values: [], assignments: [], wholeRow: true };
  const row = list(at(insert, 'kind', 'Values', 'rows'))[0];
  const values = list(at(row, 'content') ?? row).map(sqlparserExpression);
  return { columns: sqlparserTexts(at(insert, 'columns')), values, assignments: [], wholeRow: false };
}
