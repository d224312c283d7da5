import {
  isLocation,
  type Expression,
  type Query,
  type Relation,
  type SelectItem,
  type SharingJoin,
  type Source,
  type Statement,
} from '../tree.js';
import { moved } from './relations.js';

interface Change {
  readonly target: Source;
  readonly from: readonly Relation[];
  readonly using: readonly SharingJoin[];
}

/** What an UPDATE, a MERGE or an INSERT returns: rows of its table beside those of what it reads. */
export function returnedRows(statement: Statement, items: readonly SelectItem[]): Query | undefined {
  const change = changeOf(statement);
  return change === undefined ? undefined : { ...rowsOf(items, change.from, change.using), returnedOf: change.target };
}

/** The same of an OUTPUT, which names the changed row `inserted` and `deleted`. */
export function outputRows(statement: Statement, items: readonly SelectItem[]): Query | undefined {
  const change = changeOf(statement);
  if (change === undefined) return undefined;
  const others = statement.kind === 'update' ? statement.relations : change.from.slice(1);
  const source = statement.kind === 'update' ? calledSource(change.target, others) : change.target;
  const changed = ['inserted', 'deleted'].map((alias): Relation => ({ kind: 'table', source, alias, unread: true }));
  return rowsOf(items, [...changed, ...others]);
}

export function rowsOf(
  items: readonly SelectItem[],
  from: readonly Relation[],
  using: readonly SharingJoin[] = [],
  conditions: readonly Expression[] = []
): Query {
  const body = { kind: 'select' as const, items, from, using, conditions, windows: new Map() };
  return { kind: 'query', ctes: [], recursive: false, body, tail: [] };
}

function changeOf(statement: Statement): Change | undefined {
  switch (statement.kind) {
    case 'update': {
      const [first] = statement.targets;
      if (first?.kind !== 'table') return undefined;
      return { target: first.source, from: [...statement.targets, ...statement.relations], using: statement.using };
    }
    case 'merge': {
      const { target, sources, using } = statement;
      if (target.kind !== 'table') return undefined;
      return { target: target.source, from: [target, ...sources], using: moved(using, 1) };
    }
    case 'insert': {
      const { target, alias } = statement;
      const row: Relation = { kind: 'table', source: target, ...(alias === undefined ? {} : { alias }) };
      return { target, from: [row], using: [] };
    }
    default:
      return undefined;
  }
}

/** `UPDATE x … FROM t AS x` changes t. */
export function calledSource(name: Source, relations: readonly Relation[]): Source {
  const alias = isLocation(name) || name.length > 1 ? undefined : name[0]?.text.toLowerCase();
  const called = relations.find((each) => each.alias !== undefined && each.alias.toLowerCase() === alias);
  return called?.kind === 'table' ? called.source : name;
}
