import { unsampled } from '../measures/index.js';
import { AuthenticationError, PermanentError } from '../errors/index.js';
import { sessionFor, type MeasuredColumn, type RowSet } from '../sources/index.js';
import { mismatchedKeys } from './diff/plan-diff.js';
import { readPlan, refuseUncomparable } from './diff/run-diff.js';
import { abortedCase, type PlannedCase, type TestCase } from './plan-test.js';
import { plannedLines, type PlanStatementsInput } from './plan-statements.js';
import { rowSetOf, tableRefOf } from './row-set.js';
import { measuresOf, planCases } from './run-tests.js';
import type { OpenService } from './service-measures.js';
import type { StagedTable } from './staged-lines.js';
import { TableSession } from './table-session.js';
import { TestAborted } from './test-aborted.js';
import type { DiffTest } from './test-rule.js';

/** What is known before a run about the tests of one table, or of one comparison of tables. */
export interface CheckedTests {
  /** FQN. */
  readonly table: string;
  /** For a comparison of tables, which is checked by itself. */
  readonly comparison?: { readonly name: string; readonly table2: string };
  readonly tests: number;
  /** Tests that would be Aborted, with the message of the result. */
  readonly aborted: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * Finds what would get in the way of a run, table by table. A table's aggregates are tried on none of its rows: that
 * reads nothing, but the database still refuses what is missing or what the user may not see. A user's own statements
 * are not tried.
 */
export async function* checkTests(input: PlanStatementsInput): AsyncGenerator<CheckedTests> {
  for await (const line of plannedLines(input)) {
    const { table, cases, definitions } = line;
    const all = { table: table?.fqn ?? line.key, tests: cases.length };
    if (table === undefined) {
      yield { ...all, aborted: cases.map((each) => abortedTest(each, 'OpenMetadata has no such table any more.')) };
      continue;
    }
    const planned = planCases(cases, new Map(definitions.map((each) => [each.name, each])), table);
    const [only] = planned;
    if (only?.plan.kind === 'ready' && only.plan.test.kind === 'diff') {
      const { name } = only.testCase;
      const { test } = only.plan;
      const reason = await reasonAgainst(() => checkComparison(input, table, test));
      const comparison = { name, table2: test.table2 };
      yield { ...all, comparison, aborted: reason === undefined ? [] : [{ name, reason }] };
    } else yield { ...all, aborted: await checkTable(input, table, planned) };
  }
}

function abortedTest(testCase: Pick<TestCase, 'name'>, reason: string): { name: string; reason: string } {
  return { name: testCase.name, reason: abortedCase(testCase, reason).text };
}

async function checkTable(
  { services, config, now, signal }: PlanStatementsInput,
  table: StagedTable,
  planned: readonly PlannedCase[]
): Promise<CheckedTests['aborted']> {
  let measured: Awaited<ReturnType<TableSession['measure']>> | undefined;
  const reason = await reasonAgainst(async () => {
    const { source, session } = await services.service(table.service);
    const rows = unsampled(rowSetOf(table, config, { now, seed: 0, dialect: source.dialect }));
    const { dialect } = source;
    // somebody looks on: what fails for a moment is tried again at once
    const wait = async (): Promise<void> => undefined;
    const opened = new TableSession({
      ...{ session: await session(), dialect, rows, columns: table.columns, now, signal, wait },
    });
    const { column, table: ofTable } = measuresOf(planned);
    measured = await opened.measure([...column, ...ofTable], noneOf(rows));
  });
  return planned.flatMap(({ testCase, plan }) => {
    if (plan.kind === 'done')
      return plan.outcome.status === 'Aborted' ? [{ name: testCase.name, reason: plan.outcome.text }] : [];
    if (reason !== undefined) return [abortedTest(testCase, reason)];
    const { test } = plan;
    if (test.kind !== 'measured') return [];
    try {
      measured?.require(test.measures);
      return [];
    } catch (error) {
      if (error instanceof TestAborted) return [abortedTest(testCase, error.message)];
      throw error;
    }
  });
}

async function checkComparison(
  { client, services, signal }: PlanStatementsInput,
  table: StagedTable,
  test: DiffTest
): Promise<void> {
  const { table2, plan: columns } = await readPlan({ test, table, client, signal });
  const keys = mismatchedKeys(columns);
  if (keys.length > 0) throw new TestAborted(`the types of the key columns ${keys.join(', ')} do not match.`);
  const service1 = await services.service(table.service);
  const service2 = await services.service(table2.service);
  if (table.service !== table2.service) {
    refuseUncomparable(service1, 'table1');
    refuseUncomparable(service2, 'table2');
  }
  await readNothing(service1, table, [...columns.keys1, ...columns.columns1]);
  await readNothing(service2, table2, [...columns.keys2, ...columns.columns2]);
}

/** Columns that can't be read are refused before any row is read. */
async function readNothing(
  { source: { dialect }, session }: OpenService,
  { fqn, isView }: StagedTable,
  columns: readonly MeasuredColumn[]
): Promise<void> {
  const rows = noneOf({ table: tableRefOf(fqn), isView });
  await sessionFor(await session(), rows).query(
    `SELECT ${columns.map(({ name }) => dialect.quote(name)).join(', ')} ${dialect.from(rows, columns)}`,
    1
  );
}

function noneOf(rows: RowSet): RowSet {
  return { ...rows, where: { op: 'or', of: [] } };
}

async function reasonAgainst(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof TestAborted) return error.message;
    // a service that can't be opened aborts only its own tests
    if (error instanceof PermanentError || error instanceof AuthenticationError) return error.describe();
    throw error;
  }
}
