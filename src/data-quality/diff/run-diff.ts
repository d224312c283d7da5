import { heldRows, unsampled } from '../../measures/index.js';
import type { OpenMetadataClient } from '../../openmetadata/index.js';
import { findSource, sessionFor, type MeasuredColumn, type MeasureSession, type RowSet } from '../../sources/index.js';
import type { SliceAddress, StageRun } from '../../staging/index.js';
import { stagedTable } from '../list-tests.js';
import { outcome, resultValues, type TestOutcome } from '../outcome.js';
import { readingCondition } from '../read-only.js';
import { rowSetOf, tableRefOf } from '../row-set.js';
import type { OpenService, ServiceMeasures } from '../service-measures.js';
import type { StagedTable } from '../staged-lines.js';
import { TableSession } from '../table-session.js';
import { TestAborted } from '../test-aborted.js';
import type { DiffTest } from '../test-rule.js';
import { antiJoin } from './anti-join.js';
import { withCaselessKeys } from './caseless-keys.js';
import { compareParts, type ComparedParts } from './compare-parts.js';
import type { DiffSide } from './diff-side.js';
import { HashedSide } from './hashed-side.js';
import { LocalSide } from './local-side.js';
import { mismatchedKeys, planDiff, type DiffColumn, type DiffPlan } from './plan-diff.js';

export interface RunDiffInput extends StageRun {
  readonly test: DiffTest;
  readonly table: StagedTable;
  readonly client: Pick<OpenMetadataClient, 'tests'>;
  readonly services: Pick<ServiceMeasures, 'service'>;
  /** Where compared parts are staged. */
  readonly parts: SliceAddress;
  readonly countRows: boolean;
  /** Rows in a part; default: a million. */
  readonly partRows?: number;
  readonly now: number;
  /** Gets each of the two tables of which policies let the account see only some rows. */
  readonly onHidden?: (fqn: string) => void;
  readonly signal: AbortSignal;
  readonly wait?: (milliseconds: number, why: string) => Promise<void>;
}

/** Whether rows of this service can be compared with those of another. */
export function isComparable({ type, source }: Pick<OpenService, 'type' | 'source'>): boolean {
  return source.dialect.hashing !== undefined || findSource(type).supports.includes('rows-hashed-here');
}

/** The other table, and how the columns of both are compared. @throws TestAborted */
export async function readPlan({
  test,
  table,
  client,
  signal,
}: Pick<RunDiffInput, 'test' | 'table' | 'client' | 'signal'>): Promise<{ table2: StagedTable; plan: DiffPlan }> {
  const record = await client.tests.table(test.table2, { signal });
  if (record === undefined)
    throw new TestAborted(`parameter table2 is ${test.table2}, which OpenMetadata does not have.`);
  const table2 = stagedTable(record);
  return { table2, plan: planDiff(test, table, table2) };
}

/** @throws TestAborted when its rows can't be compared with those of another service */
export function refuseUncomparable(service: Pick<OpenService, 'type' | 'source'>, parameter: string): void {
  if (!isComparable(service))
    throw new TestAborted(
      `Unsupported dialect in param ${parameter}: rows of ${service.type} can't be compared with those of another service.`
    );
}

/**
 * Compares a table with another one, in the same database or of another service.
 * @throws TestAborted for what can't be compared
 */
export async function runDiff(input: RunDiffInput): Promise<TestOutcome> {
  const { test, table, services } = input;
  const { table2, plan: planned } = await readPlan(input);
  const mismatched = mismatchedKeys(planned);
  if (mismatched.length > 0) {
    const text = `Schema mismatch detected: the types of the key columns ${mismatched.join(', ')} do not match.`;
    return outcome(false, text, { removedRows: null, addedRows: null, changedRows: null, diffCount: null });
  }
  const service1 = await services.service(table.service, table.fqn);
  const service2 = await services.service(table2.service, table2.fqn);
  const where = test.where === undefined ? undefined : whereOf(test.where, [service1, service2]);
  const tested = unsampled(
    rowSetOf(table, { type: 'TestSuite' }, { now: input.now, seed: 0, dialect: service1.source.dialect })
  );
  // the partition of the first table applies to both; its profile query names that table alone
  const part = partitionOf(tested);
  const rows1 = withWhere(await heldBy(service1, part), where);
  const part2: RowSet = { ...part, table: tableRefOf(table2.fqn), isView: table2.isView };
  const rows2 = withWhere(await heldBy(service2, part2), where);
  const plan = await withCaselessKeys(planned, { service: service1, rows: rows1 }, { service: service2, rows: rows2 });
  const found =
    table.service === table2.service && areJoinable(await service1.session(), rows1, rows2)
      ? await inOneDatabase(input, service1, plan, [rows1, rows2], [table, table2])
      : await compareParts({
          ...input,
          side1: await sideOf(input, service1, plan, rows1, plan.keys1, plan.columns1, table, 'table1'),
          side2: await sideOf(input, service2, plan, rows2, plan.keys2, plan.columns2, table2, 'table2'),
          to: input.parts,
          ...(test.threshold > 0 && !input.countRows ? { stopAbove: test.threshold } : {}),
        });
  if (await hidesRows(service1, rows1)) input.onHidden?.(table.fqn);
  if (await hidesRows(service2, rows2)) input.onHidden?.(table2.fqn);
  return judged(test, plan, found, table, table2);
}

async function heldBy({ source: { dialect }, session }: OpenService, rows: RowSet): Promise<RowSet> {
  return heldRows({ rows, dialect, ask: async (sql) => sessionFor(await session(), rows).rows(sql) });
}

/** No result is lost by the question. */
async function hidesRows(service: OpenService, rows: RowSet): Promise<boolean> {
  const session = sessionFor(await service.session(), rows);
  return session.hidesRows?.(rows.table).catch(() => false) ?? false;
}

/** False for tables of two databases where a connection reads only one. */
function areJoinable(session: MeasureSession, rows1: RowSet, rows2: RowSet): boolean {
  return session.in === undefined || rows1.table.database === rows2.table.database;
}

async function sideOf(
  input: RunDiffInput,
  service: OpenService,
  plan: DiffPlan,
  rows: RowSet,
  keys: readonly DiffColumn[],
  columns: readonly MeasuredColumn[],
  table: StagedTable,
  parameter: string
): Promise<DiffSide> {
  const session = await sessionOf(input, service, rows, table);
  const { hashing } = service.source.dialect;
  refuseUncomparable(service, parameter);
  const side =
    hashing === undefined
      ? new LocalSide({ session, rows, keys, columns })
      : new HashedSide({ session, rows, hashing, keys, columns });
  if (!plan.keysAreUnique) refuseRepeated(await side.repeatedKey(), keys, table);
  return side;
}

async function inOneDatabase(
  input: RunDiffInput,
  service: OpenService,
  plan: DiffPlan,
  [rows1, rows2]: readonly [RowSet, RowSet],
  [table1, table2]: readonly [StagedTable, StagedTable]
): Promise<ComparedParts> {
  const session = await sessionOf(input, service, rows1, table1);
  const { dialect } = service.source;
  // a collation may call two strings equal that differ in their UTF-8 bytes
  const exact = (column: DiffColumn, expression: string): string => {
    const value = column.ignoresCase === true ? `LOWER(${expression})` : expression;
    return dialect.hashing?.exact(value, column) ?? value;
  };
  if (!plan.keysAreUnique) {
    for (const [rows, keys, table] of [[rows1, plan.keys1, table1] as const, [rows2, plan.keys2, table2] as const]) {
      const named = keys.map((key) => ({ key, name: dialect.quote(key.name) }));
      const by = named.map(({ key, name }) => exact(key, name));
      const shown = named.map(({ key, name }, at) =>
        by[at] === name ? name : `MIN(${dialect.hashing?.text(key) ?? name})`
      );
      const sql = `SELECT ${shown.join(', ')} ${dialect.from(rows, keys)} GROUP BY ${by.join(', ')} HAVING COUNT(*) > 1 LIMIT 1`;
      const [found] = (await session.query(sql, 1)).rows;
      refuseRepeated(found?.map(String).join(', '), keys, table);
    }
  }
  return antiJoin({ session, rows1, rows2, plan, exact });
}

async function sessionOf(
  input: RunDiffInput,
  { source, session: open }: OpenService,
  rows: RowSet,
  table: StagedTable
): Promise<TableSession> {
  const { now, signal, wait } = input;
  const session = await open();
  return new TableSession({
    ...{ session, dialect: source.dialect, rows, columns: table.columns, now, signal },
    ...(wait === undefined ? {} : { wait }),
  });
}

function refuseRepeated(key: string | undefined, keys: readonly MeasuredColumn[], table: StagedTable): void {
  if (key !== undefined)
    throw new TestAborted(
      `the key ${keys.map(({ name }) => name).join(', ')} of ${table.fqn} is not unique: ${key} occurs twice.`
    );
}

function whereOf(sql: string, services: readonly OpenService[]): string {
  let condition = sql;
  for (const { source } of services) condition = readingCondition(sql, 'parameter where', source.dialect);
  return condition;
}

function partitionOf({ table, isView, where }: RowSet): RowSet {
  return { table, isView, ...(where === undefined ? {} : { where }) };
}

function withWhere(rows: RowSet, sql: string | undefined): RowSet {
  if (sql === undefined) return rows;
  const own = { op: 'sql', sql } as const;
  return { ...rows, where: rows.where === undefined ? own : { op: 'and', of: [rows.where, own] } };
}

function judged(
  test: DiffTest,
  plan: DiffPlan,
  found: ComparedParts,
  table1: StagedTable,
  table2: StagedTable
): TestOutcome {
  const { removed, added, changed, rows, whole } = found;
  const count = removed + added + changed;
  const { removedColumns, addedColumns, changedColumns, uncomparedColumns } = plan;
  const schemaDiffers = removedColumns.length + addedColumns.length + changedColumns.length > 0;
  const within = test.threshold === 0 ? count === 0 : count < test.threshold;
  const different = `Found ${count} different rows`;
  const text = schemaDiffers
    ? `Schema mismatch detected: ${removedColumns.length} removed, ${addedColumns.length} added, ${changedColumns.length} changed columns. ${different}.`
    : `${different} which is more than the threshold of ${test.threshold}`;
  const untold =
    uncomparedColumns.length === 0
      ? ''
      : `${schemaDiffers ? '' : '.'} Not compared, as engines write their values differently: ${uncomparedColumns.join(', ')}.`;
  const passed = Math.max(0, rows + added - count);
  const columns = schemaDiffers
    ? {
        removedColumns: removedColumns.join(', '),
        addedColumns: addedColumns.join(', '),
        changedColumns: changedColumns.join(', '),
        schemaTable1: JSON.stringify(schemaOf(table1)),
        schemaTable2: JSON.stringify(schemaOf(table2)),
      }
    : {};
  const values = resultValues({
    removedRows: whole ? removed : 'None',
    addedRows: whole ? added : 'None',
    changedRows: whole ? changed : 'None',
    diffCount: count,
    ...columns,
  });
  return {
    status: within && !schemaDiffers ? 'Success' : 'Failed',
    text: `${text}${untold}`,
    values,
    ...(whole ? { rows: { all: rows + added, passed, failed: count } } : {}),
  };
}

function schemaOf({ columns }: StagedTable): Record<string, string> {
  return Object.fromEntries(columns.map(({ name, dataType }) => [name, dataType]));
}
