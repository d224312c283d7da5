import { harmlessLine } from '../../errors/index.js';
import { Connections, stagedFrom } from '../../run-context/index.js';
import {
  checkTests,
  findSuite,
  isComparable,
  planStatements,
  ServiceMeasures,
  type CheckedTests,
  type PlannedTable,
} from '../../data-quality/index.js';
import type { RecipeOf } from '../../recipe/index.js';
import { restoreName, splitFqn } from '../../openmetadata/index.js';
import { findSource, runTag, type CheckResult, type SourceContext } from '../../sources/index.js';
import type { CheckedFile, KindCommands, RecipePlan } from '../run/kind-commands.js';
import { runnableSql } from '../run/runnable-sql.js';
import { onlyTable, ROWS_READ } from '../run/rows-read.js';
import { countWords } from '../../contract/count-words.js';

type TestSuiteRecipe = RecipeOf<'data-quality'>;

/**
 * `check` tries the suite and the services that are known before a run; `plan` prints the statements a run would send.
 */
export const dataQualityCommands: KindCommands<TestSuiteRecipe> = { check, plan };

async function* check(
  checked: CheckedFile<TestSuiteRecipe>,
  connections: Connections,
  context: SourceContext
): AsyncGenerator<CheckResult> {
  const staged = stagedFrom(checked);
  const { serviceName, sourceConfig } = checked.recipe.source;
  const config = sourceConfig.config;
  const client = await connections.client(staged);
  const suite = await findSuite({ client, config, serviceName, signal: context.signal, dry: true });
  yield {
    name: 'test suite',
    passed: true,
    mandatory: true,
    message:
      suite.table === undefined
        ? `the logical suite ${serviceName} is there`
        : `the table ${suite.table.fullyQualifiedName} is there${suite.id === '' ? '; its suite is made by the first run' : ''}`,
  };
  const [service, ...names] = suite.table === undefined ? [] : splitFqn(suite.table.fullyQualifiedName);
  const ofTable = service === undefined ? [] : [service];
  for (const name of ofTable) {
    const [database = '', schema = '', table = ''] = names.map(restoreName);
    const { type, config: connection } = await connections.ofService(staged, name);
    yield* findSource(type).check(connection, context, ROWS_READ, onlyTable(database, schema, table));
  }
  const given = (config.serviceConnections ?? []).map((each) => each.serviceName);
  const services = new ServiceMeasures((name) => connections.ofService(staged, name), context);
  try {
    for (const name of new Set([...ofTable, ...given])) {
      const comparable = isComparable(await services.service(name));
      yield {
        name: `service ${name}`,
        passed: true,
        mandatory: true,
        message: comparable
          ? 'opened; its tables can be compared with those of other services'
          : 'opened; tableDiff with another service is Aborted',
      };
    }
    const { testCases: wanted = [], forceUpdate = false } = checked.recipe.processor?.config ?? {};
    const { signal } = context;
    const input = { client, config, serviceName, wanted, forceUpdate, services, now: Date.now(), signal };
    for await (const found of checkTests(input)) yield testsResult(found);
  } finally {
    await services.close();
  }
}

/** How many reasons a line of the check shows. */
const MOST_REASONS = 5;

/** What can't be tested costs the run an Aborted result, not its start. */
function testsResult({ table, comparison, tests, aborted }: CheckedTests): CheckResult {
  const [first] = aborted;
  const passed = first === undefined;
  if (comparison !== undefined) {
    const { name, table2 } = comparison;
    const message = passed
      ? `${table} can be compared with ${table2}`
      : `${table} can't be compared with ${table2}; it will be Aborted: ${first.reason}`;
    return { name: `tableDiff ${name}`, passed, mandatory: false, message };
  }
  const reasons = aborted.slice(0, MOST_REASONS).map(({ reason }) => reason);
  if (aborted.length > reasons.length) reasons.push(`and ${aborted.length - reasons.length} more`);
  const message = passed
    ? `what its ${countWords(tests, 'test asks', 'tests ask')} of it can be read`
    : `${aborted.length} of its ${countWords(tests, 'test', 'tests')} will be Aborted: ${reasons.join(' ')}`;
  return { name: `tests of ${table}`, passed, mandatory: false, message };
}

async function plan(
  checked: CheckedFile<TestSuiteRecipe>,
  {
    signal = new AbortController().signal,
    onWarning = () => undefined,
  }: Parameters<KindCommands<TestSuiteRecipe>['plan']>[1]
): Promise<RecipePlan> {
  const staged = stagedFrom(checked);
  const { source, processor } = checked.recipe;
  const connections = new Connections({});
  const context = { runTag: runTag('plan'), signal, onStatement: () => undefined, onWarning };
  const services = new ServiceMeasures((name) => connections.ofService(staged, name), context);
  try {
    const tables = await planStatements({
      client: await connections.client(staged),
      config: source.sourceConfig.config,
      serviceName: source.serviceName,
      wanted: processor?.config?.testCases ?? [],
      forceUpdate: processor?.config?.forceUpdate ?? false,
      services,
      now: Date.now(),
      signal,
    });
    return { data: { tables }, text: tables.map(tableText).join('\n\n'), incomplete: false };
  } finally {
    await services.close();
    await connections.close();
  }
}

/** Can be pasted into the database's own client: whatever isn't SQL is a comment. */
function tableText({ table, tests, statements }: PlannedTable): string {
  const list = tests.map(({ name, definition, note }) =>
    harmlessLine(`--   ${name} (${definition})${note === undefined ? '' : `: ${note}`}`)
  );
  return [
    `-- ${harmlessLine(table)}: ${countWords(tests.length, 'test', 'tests')}, ${countWords(statements.length, 'statement', 'statements')}`,
    ...list,
    ...statements.map(
      ({ sql, afterFailure }) => `${afterFailure ? '-- only when its test has failed:\n' : ''}${runnableSql(sql)}`
    ),
  ].join('\n');
}
