import type { Assignment, Statement } from '../statement-tree.js';
import {
  isLocation,
  type ChangedRow,
  type InsertedRelation,
  type Query,
  type Relation,
  type Select,
  type SelectItem,
  type SharingJoin,
  type Source,
  type TableRelation,
} from '../tree.js';
import { outputInto, type Output } from './outputs.js';
import { changedRows } from './changed-rows.js';
import { rowsOf } from './plain-query.js';

type Insert = Extract<Statement, { kind: 'insert' }>;

/** What RETURNING calls the changed row as it was and as it is. */
export type Versions = Pick<ChangedRow, 'old' | 'anew'>;

/** What an UPDATE, a MERGE or an INSERT returns: rows of its table beside those of what it reads. */
export function returnedRows(
  statement: Statement,
  items: readonly SelectItem[],
  versions: Versions
): Query | undefined {
  const change = changeOf(statement);
  if (change === undefined) return undefined;
  const { target, from, using, at } = change;
  const query = rowsOf(items, from, using);
  return { ...query, body: { ...query.body, changed: { at, ...versions } }, returnedOf: target };
}

interface Change {
  readonly target: Source;
  /** As RETURNING * shows them. */
  readonly from: readonly Relation[];
  readonly using: readonly SharingJoin[];
  /** Of the changed row in `from`. */
  readonly at: number;
}

function changeOf(statement: Statement): Change | undefined {
  switch (statement.kind) {
    case 'update': {
      const { targets, relations, using } = statement;
      const [first] = targets;
      if (first?.kind !== 'table') return undefined;
      return { target: first.source, from: [...targets, ...relations], using, at: 0 };
    }
    case 'merge': {
      const { target, sources, using } = statement;
      if (target.kind !== 'table') return undefined;
      return { target: target.source, from: [...sources, target], using, at: sources.length };
    }
    case 'insert':
      return { target: statement.target, from: [insertedRow(statement)], using: [], at: 0 };
    default:
      return undefined;
  }
}

/** The same of an OUTPUT, which names the changed row `inserted` and `deleted`. */
export function outputRows(statement: Statement, items: readonly SelectItem[]): Query | undefined {
  if (statement.kind === 'insert') {
    const row = insertedRow(statement);
    const alias = 'inserted';
    return rowsOf(items, [row.kind === 'table' ? { ...row, alias, unread: true } : { ...row, alias }]);
  }
  const target = changedBy(statement);
  if (target === undefined || (statement.kind !== 'update' && statement.kind !== 'merge')) return undefined;
  const { ctes, recursive } = statement;
  const feeds = feeding(statement, target);
  return { ...rowsOf(items, [...changedRows(statement, target, feeds), ...feeds]), ctes, recursive };
}

/** OUTPUT … INTO of an UPDATE or a MERGE: what is changed, and what feeds the change, goes into the second table. */
export function keptRows(output: Output, statement: Statement): Statement | undefined {
  const rows = statement.kind === 'insert' ? undefined : outputRows(statement, output.items);
  return rows && outputInto(output, rows);
}

/** What a DELETE gives back: its rows beside what it reads, to T-SQL's OUTPUT under a name of their own. */
export function deletedRows(
  { body, ...query }: Query & { readonly body: Select },
  items: readonly SelectItem[],
  output?: Source
): Query & { readonly body: Select } {
  const deleted: Relation[] = output === undefined ? [] : [{ kind: 'table', source: output, alias: 'deleted' }];
  return { ...query, body: { ...body, items, from: [...body.from, ...deleted] } };
}

/** A row that an INSERT makes. Of VALUES every column is the table's own. */
function insertedRow({ target, alias, columns, query, upserts = [] }: Insert): TableRelation | InsertedRelation {
  const named = { source: target, ...(alias === undefined ? {} : { alias }) };
  if (query === undefined || query.body.kind === 'values' || isLocation(target)) return { kind: 'table', ...named };
  const changed = upserts.filter((each) => !keepsGiven(each)).flatMap(({ column }) => column.parts.slice(-1));
  return { kind: 'inserted', ...named, columns, query, changed };
}

/** `SET v = excluded.v` */
function keepsGiven({ column, value }: Assignment): boolean {
  const [only, ...more] = value.columns;
  const [row, name, ...rest] = only?.parts ?? [];
  if (more.length + rest.length + value.queries.length > 0) return false;
  return row?.toLowerCase() === 'excluded' && name?.toLowerCase() === column.parts.at(-1)?.toLowerCase();
}

/** The table that an UPDATE or a MERGE changes. */
function changedBy(statement: Statement): Source | undefined {
  const [target] =
    statement.kind === 'update' ? statement.targets : statement.kind === 'merge' ? [statement.target] : [];
  if (target?.kind !== 'table') return undefined;
  return statement.kind === 'update' ? calledSource(target.source, statement.relations) : target.source;
}

/** What the change reads beside its table, which the FROM of an UPDATE may name again. */
function feeding(statement: Statement, target: Source): readonly Relation[] {
  if (statement.kind === 'merge') return statement.sources;
  if (statement.kind !== 'update') return [];
  return statement.relations.map((relation) =>
    relation.kind === 'table' && isSame(relation.source, target) ? { ...relation, unread: true } : relation
  );
}

function isSame(one: Source, other: Source): boolean {
  if (isLocation(one) || isLocation(other)) return false;
  const parts = Math.min(one.length, other.length);
  const [ends, otherEnds] = [one.slice(-parts), other.slice(-parts)];
  return ends.every(({ text }, index) => text.toLowerCase() === otherEnds[index]?.text.toLowerCase());
}

/** `UPDATE x … FROM t AS x` changes t. */
export function calledSource(name: Source, relations: readonly Relation[]): Source {
  const alias = isLocation(name) || name.length > 1 ? undefined : name[0]?.text.toLowerCase();
  const called = relations.find((each) => each.alias !== undefined && each.alias.toLowerCase() === alias);
  return called?.kind === 'table' ? called.source : name;
}
