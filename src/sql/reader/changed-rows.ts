import type { Assignment, MergeClause, Statement } from '../statement-tree.js';
import {
  isLocation,
  newExpression,
  type Expression,
  type Query,
  type Relation,
  type Source,
  type TableRelation,
} from '../tree.js';
import { plainQuery, rowsOf } from './plain-query.js';

type Change = Extract<Statement, { kind: 'update' | 'merge' }>;

/**
 * T-SQL's `inserted` and `deleted` of a change. Of `inserted` what is set comes from where the change takes it, the
 * rest is the table's own.
 * @param feeds what the change reads beside its table
 */
export function changedRows(change: Change, target: Source, feeds: readonly Relation[]): readonly Relation[] {
  const deleted: TableRelation = { kind: 'table', source: target, alias: 'deleted', unread: true, before: true };
  const sets = change.kind === 'update' ? [assigned(change.assignments)] : change.clauses.flatMap(clauseValues);
  const columns = [...new Set(sets.flatMap(({ values }) => [...values.keys()]))];
  if (columns.length === 0 || isCte(change, target)) return [{ ...deleted, alias: 'inserted' }, deleted];
  const name = ownName(change, target);
  const own: TableRelation = { ...deleted, alias: name };
  const others = feeds.filter((relation) => relation.kind !== 'table' || relation.unread !== true);
  const queries = sets.map(({ values, isNew }): Query => {
    const items = columns.map((alias) => {
      const value = values.get(alias) ?? (isNew ? newExpression() : ownValue(name, alias));
      return { kind: 'value' as const, value, isColumn: false, alias, name: alias };
    });
    return rowsOf(items, isNew ? others : [own, ...others]);
  });
  const [only, ...more] = queries;
  const query =
    only !== undefined && more.length === 0 ? only : plainQuery({ kind: 'set', operands: queries, byName: false });
  return [{ kind: 'inserted', source: target, alias: 'inserted', columns, query, changed: [] }, deleted];
}

interface Values {
  /** By column in lower case. */
  readonly values: ReadonlyMap<string, Expression>;
  /** The row was not there before. */
  readonly isNew: boolean;
}

function assigned(assignments: readonly Assignment[]): Values {
  const named = assignments.map(({ column, value }) => [column.parts.at(-1)?.toLowerCase() ?? '', value] as const);
  return { values: new Map(named), isNew: false };
}

function clauseValues({ columns, values, assignments }: MergeClause): Values[] {
  if (assignments.length > 0) return [assigned(assignments)];
  const given = columns.flatMap((column, index) => {
    const value = values[index];
    return value === undefined ? [] : [[column.toLowerCase(), value] as const];
  });
  return given.length === 0 ? [] : [{ values: new Map(given), isNew: true }];
}

/** T-SQL changes tables through a CTE, whose columns say which. */
function isCte({ ctes }: Change, target: Source): boolean {
  const [only, ...more] = isLocation(target) ? [] : target;
  return more.length === 0 && ctes.some(({ name }) => name.toLowerCase() === only?.text.toLowerCase());
}

function ownValue(row: string, column: string): Expression {
  return { ...newExpression(), columns: [{ parts: [row, column] }] };
}

/** What the change calls its table. */
function ownName(change: Change, target: Source): string {
  const named = change.kind === 'merge' ? change.target : change.targets[0];
  const called = change.kind === 'merge' ? undefined : change.relations.find(({ alias }) => isCalled(alias, named));
  return called?.alias ?? named?.alias ?? (isLocation(target) ? '' : (target.at(-1)?.text ?? ''));
}

/** `UPDATE x … FROM t AS x` */
function isCalled(alias: string | undefined, named: Relation | undefined): boolean {
  if (alias === undefined || named?.kind !== 'table' || isLocation(named.source)) return false;
  const [only, ...more] = named.source;
  return more.length === 0 && only?.text.toLowerCase() === alias.toLowerCase();
}
