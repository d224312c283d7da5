import { unsampled } from '../measures/index.js';
import type { OpenMetadataClient, TestCaseRecord } from '../openmetadata/index.js';
import type { RecipeTestCase, TestSuiteConfig } from '../recipe/index.js';
import type { MeasureSession } from '../sources/index.js';
import { findSuite } from './find-suite.js';
import { allDefinitions, byTable, linesOf, selectCases } from './list-tests.js';
import { createRequest } from './make-cases.js';
import { rowSetOf } from './row-set.js';
import { rowsKnown } from './rows-known.js';
import { caseStatements, type CaseStatement, type CaseStatements } from './case-statements.js';
import { mayKeepRows } from './may-keep-rows.js';
import type { PlannedCase } from './plan-test.js';
import { measuresOf, planCases } from './run-tests.js';
import type { ServiceMeasures } from './service-measures.js';
import type { StagedTable, TestsLine } from './staged-lines.js';
import { TableSession } from './table-session.js';

export interface PlanStatementsInput {
  readonly client: OpenMetadataClient;
  readonly config: TestSuiteConfig;
  readonly serviceName: string;
  readonly wanted: readonly RecipeTestCase[];
  /** Stored cases that differ from the recipe are planned the way the recipe has them. */
  readonly forceUpdate: boolean;
  readonly services: Pick<ServiceMeasures, 'service'>;
  readonly now: number;
  readonly signal: AbortSignal;
}

/** What a run would do with one table. */
export interface PlannedTable {
  readonly table: string;
  readonly tests: readonly { readonly name: string; readonly definition: string; readonly note?: string }[];
  readonly statements: readonly CaseStatement[];
}

/**
 * The statements that a run would send now, including those of cases that the recipe would create. Sends and writes
 * nothing.
 */
export async function planStatements(input: PlanStatementsInput): Promise<PlannedTable[]> {
  const planned: PlannedTable[] = [];
  const storeSamples = await mayKeepRows(input.client, { note: () => undefined }, input.signal);
  for await (const line of plannedLines(input)) planned.push(await ofLine(input, line, storeSamples));
  return planned;
}

/** The tests that a run would stage now; writes nothing. */
export async function* plannedLines(input: Omit<PlanStatementsInput, 'services' | 'now'>): AsyncGenerator<TestsLine> {
  const { client, config, wanted, forceUpdate, signal } = input;
  const definitions = await allDefinitions(input);
  const suite = await findSuite({ ...input, dry: true });
  const stored: TestCaseRecord[] = [];
  if (suite.id !== '') for await (const page of client.tests.cases(suite.id, { signal })) stored.push(...page);
  const known = new Set(stored.map(({ name }) => name));
  const tableFqn = suite.table?.fullyQualifiedName ?? '';
  const made = wanted.filter(({ name }) => !known.has(name)).map((each) => recordOf(each, tableFqn));
  const changed = new Map(forceUpdate ? wanted.map((each) => [each.name, recordOf(each, tableFqn)]) : []);
  const kept = stored.map((record) => asForced(record, changed.get(record.name)));
  for (const [fqn, cases] of byTable(selectCases({ config, only: [] }, [...kept, ...made], definitions))) {
    const record = suite.table?.fullyQualifiedName === fqn ? suite.table : await client.tests.table(fqn, { signal });
    yield* linesOf(fqn, record, cases, definitions);
  }
}

/** A stored case with what forceUpdate changes in it. */
function asForced(record: TestCaseRecord, wanted: TestCaseRecord | undefined): TestCaseRecord {
  if (wanted === undefined) return record;
  const { entityLink, parameterValues, computePassedFailedRowCount } = wanted;
  return { ...record, entityLink, parameterValues, computePassedFailedRowCount };
}

function recordOf(wanted: RecipeTestCase, tableFqn: string): TestCaseRecord {
  const request = createRequest(wanted, tableFqn);
  const { name: definition } = { name: request.testDefinition };
  return {
    id: '',
    name: request.name,
    fullyQualifiedName: `${tableFqn}.${request.name}`,
    entityLink: request.entityLink,
    testDefinition: { id: '', type: 'testDefinition', name: definition, fullyQualifiedName: definition },
    testSuite: undefined,
    parameterValues: (request.parameterValues ?? []).map(({ name, value }) => ({ name, value })),
    computePassedFailedRowCount: request.computePassedFailedRowCount,
    useDynamicAssertion: false,
    dimensionColumns: [],
    topDimensions: undefined,
    testCaseResult: undefined,
  };
}

/** A plan sends no statement of a test: the catalogue's connection is all it needs. */
const NONE: MeasureSession = {
  rows: () => Promise.reject(new Error('a plan reads no rows')),
  query: () => Promise.reject(new Error('a plan reads no rows')),
  close: async () => undefined,
};

async function ofLine(
  { services, config, now, signal }: PlanStatementsInput,
  line: TestsLine,
  storeSamples: boolean
): Promise<PlannedTable> {
  const { table } = line;
  if (table === undefined) return { table: line.key, tests: [], statements: [] };
  const { source } = await services.service(table.service);
  const known = await rowsKnown({ source, now }, table, config);
  const rows = rowSetOf(table, config, { now, seed: 0, rows: known, dialect: source.dialect });
  const opened = new TableSession({
    ...{ session: NONE, dialect: source.dialect, rows, columns: table.columns, now, signal },
  });
  const definitions = new Map(line.definitions.map((definition) => [definition.name, definition]));
  const cases = planCases(line.cases, definitions, table);
  const { column, table: ofTable } = measuresOf(cases);
  const aggregates =
    rows.sample === undefined
      ? opened.statements([...column, ...ofTable])
      : [...opened.statements(column), ...opened.statements(ofTable, unsampled(rows))];
  const own = cases.map((each) => ownStatements(each, opened, table, storeSamples));
  return {
    table: table.fqn,
    tests: cases.map(({ testCase: { name, definition }, plan }, at) => {
      const aborted = plan.kind === 'done' && plan.outcome.status === 'Aborted' ? plan.outcome.text : own[at]?.refused;
      return { name, definition, ...(aborted === undefined ? {} : { note: aborted }) };
    }),
    statements: [...aggregates.map(always), ...own.flatMap(({ statements }) => statements)],
  };
}

function ownStatements(
  each: PlannedCase,
  session: TableSession,
  table: StagedTable,
  storeSamples: boolean
): CaseStatements {
  const { plan } = each;
  if (plan.kind === 'ready' && plan.test.kind === 'diff')
    return {
      statements: [
        always(
          `-- ${table.fqn} is compared with ${plan.test.table2}: hashes of both, then the rows of parts that differ`
        ),
      ],
    };
  return caseStatements(each, session, table, storeSamples);
}

function always(sql: string): CaseStatement {
  return { sql, afterFailure: false };
}
