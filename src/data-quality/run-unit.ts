import { AuthenticationError, PermanentError } from '../errors/index.js';
import { heldRows, hiddenRows } from '../measures/index.js';
import { exactJson, type OpenMetadataClient } from '../openmetadata/index.js';
import type { TestSuiteConfig } from '../recipe/index.js';
import type { PartRecorder } from '../report/index.js';
import { listStage, type Listing, type ManifestEntry, type SliceAddress, type StageRun } from '../staging/index.js';
import { abortedCase, type TestCase } from './plan-test.js';
import { rowSetOf } from './row-set.js';
import { rowsKnown } from './rows-known.js';
import { planCases, runTests, type FoundCase } from './run-tests.js';
import type { ServiceMeasures } from './service-measures.js';
import { resultLine, type ResultLine, type StagedTable, type TestsLine } from './staged-lines.js';
import { TableSession } from './table-session.js';
import { runDiff } from './diff/run-diff.js';
import { TestAborted } from './test-aborted.js';
import type { DiffTest } from './test-rule.js';
import { toResult } from './test-result.js';

export interface RunUnitInput extends StageRun {
  readonly line: TestsLine;
  readonly to: SliceAddress;
  readonly services: Pick<ServiceMeasures, 'service'>;
  readonly client: Pick<OpenMetadataClient, 'tests'>;
  readonly config: TestSuiteConfig;
  /**
   * When the run began, milliseconds since the epoch: the time of all its results, and "now" for tests about what is
   * recent.
   */
  readonly startedAt: number;
  /** False: the server's settings forbid keeping rows. */
  readonly storeSamples: boolean;
  /** Rows in a part of a comparison of tables: what a crash repeats; default: a million. */
  readonly partRows?: number;
  readonly recorder: PartRecorder;
  readonly signal: AbortSignal;
  /** Waits before a statement is tried again, and says why; default: says nothing. */
  readonly wait?: (milliseconds: number, why: string) => Promise<void>;
}

/**
 * Runs the tests of one table and stages their results. An Aborted test is a failure of the test runner; a Failed one
 * is a result.
 * @returns the slice's manifest
 * @throws TransientError
 */
export async function runUnit(input: RunUnitInput): Promise<readonly ManifestEntry[]> {
  return listStage(input, {
    to: input.to,
    keyOf: (line) => resultLine.parse(JSON.parse(line.toString())).caseFqn,
    work: async (listing) => {
      for (const found of await foundCases(input)) await stageFound(listing, found, input);
    },
  });
}

async function foundCases(input: RunUnitInput): Promise<readonly FoundCase[]> {
  const { line, recorder } = input;
  const { table } = line;
  if (table === undefined) return allAborted(line.cases, 'OpenMetadata has no such table any more.');
  const definitions = new Map(line.definitions.map((definition) => [definition.name, definition]));
  const cases = planCases(line.cases, definitions, factsOf(table));
  try {
    const [only] = cases;
    if (only?.plan.kind === 'ready' && only.plan.test.kind === 'diff')
      return [await compared(input, table, only.testCase, only.plan.test)];
    const { source, session } = await input.services.service(table.service, table.fqn);
    // the catalogue's connection may be the only one that there is
    const known = await rowsKnown({ source, session, now: input.startedAt }, table, input.config);
    const { dialect } = source;
    const opened = new TableSession({
      session: await session(),
      dialect,
      rows: await heldRows({
        ...{ dialect, ask: async (sql) => (await session()).rows(sql) },
        rows: rowSetOf(table, input.config, {
          ...{ now: input.startedAt, seed: seedOf(input.startedAt), rows: known, dialect },
        }),
      }),
      columns: table.columns,
      now: input.startedAt,
      signal: input.signal,
      ...(input.wait === undefined ? {} : { wait: input.wait }),
    });
    const found = await runTests(opened, factsOf(table), cases, {
      storeSamples: input.storeSamples,
      onWarning: (text) => recorder.warning('test-runner', text),
      onNote: (text) => recorder.note(text),
    });
    if (await opened.hidesRows()) recorder.note(hiddenRows(table.fqn, 'tested'));
    return found;
  } catch (error) {
    // a service that can't be opened aborts only its own tests
    if (error instanceof PermanentError || error instanceof AuthenticationError)
      return allAborted(line.cases, error.describe());
    throw error;
  }
}

/** A comparison of tables; its parts are staged next to its result. */
async function compared(
  input: RunUnitInput,
  table: StagedTable,
  testCase: TestCase,
  test: DiffTest
): Promise<FoundCase> {
  const { to, startedAt, recorder } = input;
  const onHidden = (fqn: string): void => recorder.note(hiddenRows(fqn, 'tested'));
  try {
    const parts = { ...to, slice: `${to.slice}-parts` };
    const countRows = testCase.computePassedFailedRowCount;
    return { testCase, outcome: await runDiff({ ...input, test, table, parts, countRows, now: startedAt, onHidden }) };
  } catch (error) {
    if (error instanceof TestAborted) return { testCase, outcome: abortedCase(testCase, error.message) };
    throw error;
  }
}

/** Stages a result and counts it with its line. */
export async function stageFound(
  listing: Listing,
  { testCase, outcome, failedRows, dimensions = [], sql }: FoundCase,
  { startedAt, recorder }: Pick<RunUnitInput, 'startedAt' | 'recorder'>
): Promise<void> {
  const result = toResult(outcome, startedAt);
  const line: ResultLine = {
    caseId: testCase.id,
    caseFqn: testCase.fqn,
    test: {
      table: testCase.tableFqn,
      ...(testCase.column === undefined ? {} : { column: testCase.column }),
      name: testCase.name,
      definition: testCase.definition,
    },
    ...(sql === undefined ? {} : { sql }),
    result: {
      ...result,
      testResultValue: [...result.testResultValue],
      ...(dimensions.length === 0 ? {} : { dimensionResults: dimensions.map(mutable) }),
    } as ResultLine['result'],
    ...(failedRows === undefined
      ? {}
      : {
          failedRows: {
            ...failedRows,
            columns: [...failedRows.columns],
            rows: exactJson(failedRows.rows),
          },
        }),
  };
  await listing.add(JSON.stringify(line), {
    key: testCase.fqn,
    count: () => {
      recorder.test(outcome.status);
      if (outcome.status === 'Aborted') recorder.failure('test-runner', testCase.fqn, outcome.text);
      else recorder.count('test-runner', { records: 1 });
      if (outcome.status === 'Failed') recorder.note(`${testCase.fqn} failed: ${outcome.text}`);
    },
  });
}

export function allAborted(cases: readonly TestCase[], reason: string): FoundCase[] {
  return cases.map((testCase) => ({ testCase, outcome: abortedCase(testCase, reason) }));
}

function factsOf({ fqn, columns }: StagedTable): { fqn: string; columns: StagedTable['columns'] } {
  return { fqn, columns };
}

function mutable<
  T extends { readonly testResultValue: readonly unknown[]; readonly dimensionValues: readonly unknown[] },
>(each: T): T {
  return { ...each, testResultValue: [...each.testResultValue], dimensionValues: [...each.dimensionValues] };
}

/** From the run, so that every statement and every attempt takes the same sample. */
function seedOf(startedAt: number): number {
  return startedAt % 1_000_000_007;
}
