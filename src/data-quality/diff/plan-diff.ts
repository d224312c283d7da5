import type { DiffTest } from '../test-rule.js';
import type { StagedTable } from '../staged-lines.js';
import { TestAborted } from '../test-aborted.js';
import { comparedAs, type MeasuredColumn } from '../../sources/index.js';
import { measuredColumn } from '../to-measures.js';

/** A column; as a key also whether its texts are matched without their case, where neither side tells it apart. */
export interface DiffColumn extends MeasuredColumn {
  readonly ignoresCase?: boolean;
}

/** Columns of both tables, paired by position. */
export interface DiffPlan {
  readonly keys1: readonly DiffColumn[];
  readonly keys2: readonly DiffColumn[];
  readonly columns1: readonly MeasuredColumn[];
  readonly columns2: readonly MeasuredColumn[];
  /** The keys are primary keys, so there is no need to look for duplicates. */
  readonly keysAreUnique: boolean;
  /** Differences between the tables themselves: rows are compared without these columns. */
  readonly removedColumns: readonly string[];
  readonly addedColumns: readonly string[];
  readonly changedColumns: readonly string[];
  /** Of one type, whose values two engines write differently: no difference, and rows are compared without them. */
  readonly uncomparedColumns: readonly string[];
}

/** @throws TestAborted when there is no key or it can't be compared, or a named column doesn't exist */
export function planDiff(test: DiffTest, table1: StagedTable, table2: StagedTable): DiffPlan {
  const named1 = finder(table1, test.caseSensitiveColumns);
  const named2 = finder(table2, test.caseSensitiveColumns);
  const names1 = test.keys1 ?? keyOf(table1);
  const keys1 = names1.map((name) => required(named1(name), name, table1));
  const keys2 = (test.keys2 ?? names1).map((name) => required(named2(name), name, table2));
  const isKey = new Set(keys1.map(({ name }) => name));
  const isKey2 = new Set(keys2.map(({ name }) => name));
  const wanted = test.columns ?? table1.columns.map(({ name }) => name).filter((name) => !isKey.has(name));
  const pairs: [MeasuredColumn, MeasuredColumn][] = [];
  const removed: string[] = [];
  const added: string[] = [];
  const changed: string[] = [];
  const uncompared: string[] = [];
  const oneEngine = isOneEngine(table1, table2);
  keys1.forEach((key, at) => {
    const other = keys2[at];
    if (other !== undefined && !oneEngine && isOwn(key, other))
      throw new TestAborted(
        `the key column ${key.name} is of type ${key.dataType}, whose values engines write differently: it can't be compared with another engine's. Name another key by the parameter keyColumns.`
      );
  });
  for (const name of wanted) {
    const [one, other] = [named1(name), named2(name)];
    if (one === undefined && other === undefined)
      throw new TestAborted(`parameter useColumns names ${name}, which neither table has.`);
    if (one === undefined) added.push(name);
    else if (other === undefined) removed.push(name);
    else if (!isComparable(one, other)) changed.push(name);
    else if (!oneEngine && isOwn(one, other)) uncompared.push(name);
    else pairs.push([one, other]);
  }
  if (test.columns === undefined) {
    for (const { name } of table2.columns) if (named1(name) === undefined && !isKey2.has(name)) added.push(name);
  }
  return {
    keys1,
    keys2,
    columns1: pairs.map(([one]) => one),
    columns2: pairs.map(([, other]) => other),
    keysAreUnique:
      sameNames(names1, table1.primaryKey) &&
      sameNames(
        keys2.map(({ name }) => name),
        table2.primaryKey
      ),
    removedColumns: removed,
    addedColumns: added,
    changedColumns: changed,
    uncomparedColumns: uncompared,
  };
}

/** Key columns whose values can't be equal. */
export function mismatchedKeys({ keys1, keys2 }: DiffPlan): readonly string[] {
  return keys1.flatMap((key, index) => {
    const other = keys2[index];
    return other !== undefined && isComparable(key, other) ? [] : [key.name];
  });
}

function keyOf(table: StagedTable): readonly string[] {
  if (table.primaryKey.length > 0) return table.primaryKey;
  if (table.uniqueColumns.length > 0) return table.uniqueColumns;
  throw new TestAborted(
    `${table.fqn} has neither a primary key nor unique columns in OpenMetadata. Name its key by the parameter keyColumns.`
  );
}

function finder(table: StagedTable, caseSensitive: boolean): (name: string) => MeasuredColumn | undefined {
  const spelled = (name: string): string => (caseSensitive ? name : name.toLowerCase());
  const columns = new Map(table.columns.map((column) => [spelled(column.name), measuredColumn(column)]));
  return (name) => columns.get(spelled(name));
}

function required(column: MeasuredColumn | undefined, name: string, table: StagedTable): MeasuredColumn {
  if (column === undefined) throw new TestAborted(`the key column ${name} is not in the table ${table.fqn}.`);
  return column;
}

const NUMBERS: ReadonlySet<string | undefined> = new Set(['whole', 'decimal', 'truth']);

function isComparable(one: MeasuredColumn, other: MeasuredColumn): boolean {
  const [left, right] = [comparedAs(one), comparedAs(other)];
  if (left === 'own' || right === 'own') return one.dataType === other.dataType;
  return left === right || (NUMBERS.has(left) && NUMBERS.has(right));
}

/** Of one type that only one engine's values can be compared of. */
function isOwn(one: MeasuredColumn, other: MeasuredColumn): boolean {
  return comparedAs(one) === 'own' && one.dataType === other.dataType;
}

function isOneEngine(one: StagedTable, other: StagedTable): boolean {
  return one.service === other.service || (one.serviceType !== undefined && one.serviceType === other.serviceType);
}

function sameNames(one: readonly string[], other: readonly string[]): boolean {
  return one.length > 0 && one.length === other.length && [...one].sort().join('\n') === [...other].sort().join('\n');
}
