import { PermanentError } from '../errors/index.js';
import type { OpenMetadataClient, TableUnderTestRecord, TestCaseRecord } from '../openmetadata/index.js';
import { restoreName, splitFqn } from '../openmetadata/index.js';
import type { RecipeTestCase, TestSuiteConfig } from '../recipe/index.js';
import type { PartRecorder } from '../report/index.js';
import { listStage, type ManifestEntry, type SliceAddress, type StageRun } from '../staging/index.js';
import { findSuite } from './find-suite.js';
import { makeCases } from './make-cases.js';
import type { TestCase, TestDefinition } from './plan-test.js';
import { definitionOf, isRunHere, tableFactsOf, testCaseOf } from './server-records.js';
import { testsLine, type StagedTable, type TestsLine } from './staged-lines.js';
import { countWords } from '../contract/count-words.js';

export interface ListTestsInput extends StageRun {
  readonly client: OpenMetadataClient;
  readonly config: TestSuiteConfig;
  readonly serviceName: string;
  /** Cases of the recipe; created if the suite has none with their names. */
  readonly wanted: readonly RecipeTestCase[];
  readonly forceUpdate: boolean;
  /** Names of cases, definitions or tables: only these run. Empty: all. */
  readonly only: readonly string[];
  readonly to: SliceAddress;
  readonly recorder: PartRecorder;
  readonly signal: AbortSignal;
}

/** Compares two tables: a separate unit, since it may take as long as all others together. */
const DIFF = 'tableDiff';

/**
 * Creates what is missing in the suite and stages its cases: one chunk per table, and one per comparison of tables.
 * @returns the slice's manifest: one unit per chunk
 * @throws PermanentError when there is no test to run
 */
export async function listTests(input: ListTestsInput): Promise<readonly ManifestEntry[]> {
  const { recorder, to } = input;
  return listStage(input, {
    to,
    keyOf: (line) => testsLine.parse(JSON.parse(line.toString())).key,
    work: async (listing) => {
      const definitions = await allDefinitions(input);
      const suite = await findSuite(input);
      const cases = await casesOf(input, suite.id, suite.table);
      const selected = selectCases(input, cases, definitions);
      if (selected.length === 0) throw nothingToRun(input, cases.length);
      noteUnknown(input, cases);
      for (const [tableFqn, own] of byTable(selected)) {
        const record =
          suite.table?.fullyQualifiedName === tableFqn ? suite.table : await input.client.tests.table(tableFqn, input);
        for (const line of linesOf(tableFqn, record, own, definitions)) {
          await listing.add(JSON.stringify(line), {
            key: line.key,
            count: () => recorder.count('source', { records: 1 }),
          });
          await listing.cut();
        }
      }
      listing.pass(() => recorder.count('source', { filtered: cases.length - selected.length }));
    },
  });
}

export async function allDefinitions({
  client,
  signal,
}: Pick<ListTestsInput, 'client' | 'signal'>): Promise<Map<string, TestDefinition>> {
  const definitions = new Map<string, TestDefinition>();
  for await (const page of client.tests.definitions({ signal }))
    for (const record of page) definitions.set(record.name, definitionOf(record));
  return definitions;
}

async function casesOf(
  input: ListTestsInput,
  suiteId: string,
  table: TableUnderTestRecord | undefined
): Promise<TestCaseRecord[]> {
  const { client, signal, wanted, forceUpdate, recorder } = input;
  const read = async (): Promise<TestCaseRecord[]> => {
    const all: TestCaseRecord[] = [];
    for await (const page of client.tests.cases(suiteId, { signal })) all.push(...page);
    return all;
  };
  const stored = await read();
  if (wanted.length === 0) return stored;
  if (table === undefined) {
    throw new PermanentError(
      'The recipe has test cases, but its suite is a logical one, which has no table to make them for.',
      {
        where: 'processor.config.testCases',
        remedy: 'Name the table by sourceConfig.config.entityFullyQualifiedName.',
      }
    );
  }
  const tableFqn = table.fullyQualifiedName;
  return (await makeCases({ client, tableFqn, wanted, stored, forceUpdate, recorder, signal })) ? read() : stored;
}

/**
 * Cases of other platforms and disabled definitions are left out silently, like those that the recipe or the caller
 * leaves out.
 */
export function selectCases(
  { config, only }: Pick<ListTestsInput, 'config' | 'only'>,
  records: readonly TestCaseRecord[],
  definitions: ReadonlyMap<string, TestDefinition>
): TestCase[] {
  const names = config.testCases === undefined ? undefined : new Set(config.testCases);
  return records.flatMap((record) => {
    const testCase = testCaseOf(record);
    if (testCase === undefined || (names !== undefined && !names.has(testCase.name))) return [];
    const definition = definitions.get(testCase.definition);
    if (definition !== undefined && !isRunHere(definition)) return [];
    return only.length === 0 || only.some((wanted) => isMeant(testCase, wanted)) ? [testCase] : [];
  });
}

/** Otherwise a misspelt name would leave its test out without a word. */
function noteUnknown({ config, only, recorder }: ListTestsInput, records: readonly TestCaseRecord[]): void {
  const cases = records.flatMap((record) => testCaseOf(record) ?? []);
  const names = new Set(cases.map(({ name }) => name));
  const missing = (config.testCases ?? []).filter((name) => !names.has(name));
  const meant = only.filter((wanted) => !cases.some((each) => isMeant(each, wanted)));
  if (missing.length > 0)
    recorder.warning('source', `sourceConfig.config.testCases: the suite has no test case ${missing.join(', ')}.`);
  if (meant.length > 0) recorder.warning('source', `--only: no test of the suite is meant by ${meant.join(', ')}.`);
}

/** Matches the name or FQN of the case, its definition, or the name or FQN of its table. */
function isMeant({ name, fqn, definition, tableFqn }: TestCase, wanted: string): boolean {
  return [name, fqn, definition, tableFqn, splitFqn(tableFqn).at(-1)].includes(wanted);
}

export function byTable(cases: readonly TestCase[]): Map<string, TestCase[]> {
  const tables = new Map<string, TestCase[]>();
  for (const testCase of cases) {
    const own = tables.get(testCase.tableFqn);
    if (own === undefined) tables.set(testCase.tableFqn, [testCase]);
    else own.push(testCase);
  }
  return tables;
}

export function linesOf(
  tableFqn: string,
  record: TableUnderTestRecord | undefined,
  cases: readonly TestCase[],
  definitions: ReadonlyMap<string, TestDefinition>
): TestsLine[] {
  const table = record === undefined ? {} : { table: stagedTable(record) };
  const line = (key: string, own: readonly TestCase[]): TestsLine => {
    const used = [...new Set(own.map(({ definition }) => definition))];
    const known = used.flatMap((name) => definitions.get(name) ?? []);
    return { key, ...table, cases: own.map(plain), definitions: known };
  };
  const diffs = cases.filter(({ definition }) => definition === DIFF);
  const others = cases.filter(({ definition }) => definition !== DIFF);
  return [...(others.length === 0 ? [] : [line(tableFqn, others)]), ...diffs.map((each) => line(each.fqn, [each]))];
}

function plain({ column, ...testCase }: TestCase): TestsLine['cases'][number] {
  return {
    ...testCase,
    ...(column === undefined ? {} : { column }),
    parameterValues: [...testCase.parameterValues],
    dimensionColumns: [...testCase.dimensionColumns],
  };
}

/** Foreign tables have no blocks of their own to sample either. */
const VIEWS = new Set(['Foreign', 'View', 'SecureView', 'MaterializedView', 'Dynamic', 'Stream']);

/** A table as the run needs it. Composite keys are in the table's constraints, single ones at the column. */
export function stagedTable(record: TableUnderTestRecord): StagedTable {
  const { fqn, columns } = tableFactsOf(record);
  const constrained = (constraint: string): string[] =>
    columns.filter((column) => column.constraint === constraint).map(({ name }) => name);
  const ofTable = record.tableConstraints.find(({ constraintType }) => constraintType === 'PRIMARY_KEY');
  const own = constrained('PRIMARY_KEY');
  return {
    fqn,
    isView: VIEWS.has(record.tableType ?? ''),
    service: record.service?.name ?? splitFqn(fqn)[0] ?? '',
    ...(record.serviceType === undefined ? {} : { serviceType: record.serviceType }),
    columns: columns.map((column) => ({ ...column, tags: [...column.tags] })),
    primaryKey: own.length > 0 ? own : (ofTable?.columns ?? []).map(restoreName),
    uniqueColumns: constrained('UNIQUE'),
    ...(record.tableProfilerConfig === undefined ? {} : { profilerConfig: record.tableProfilerConfig }),
  };
}

function nothingToRun({ config, only }: ListTestsInput, inSuite: number): PermanentError {
  const asked = [...(config.testCases ?? []), ...only];
  if (inSuite > 0) {
    const left =
      asked.length > 0
        ? ` None of them is one of ${asked.join(', ')}.`
        : ' All of them are disabled, or are run by another platform.';
    return new PermanentError(
      `The suite has ${countWords(inSuite, 'test case', 'test cases')}, but none to run here.${left}`
    );
  }
  return new PermanentError('The suite has no test cases: nothing was tested.', {
    where: 'processor.config.testCases',
    remedy: 'Write test cases into the recipe, or add them to the table in OpenMetadata.',
  });
}
