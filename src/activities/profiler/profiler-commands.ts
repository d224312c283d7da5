import { harmlessLine, PermanentError } from '../../errors/index.js';
import {
  chosenMetrics,
  listTables,
  mayBeRemeasured,
  profilerSelection,
  type ListedTable,
  type TablePlan,
} from '../../profiler/index.js';
import type { ProfilerRecipe } from '../../recipe/index.js';
import { countsOf, failuresOf } from '../../report/index.js';
import { Connections, serviceThere, stagedFrom } from '../../run-context/index.js';
import { findSource, runTag } from '../../sources/index.js';
import type { KindCommands, PlanOptions, RecipePlan } from '../run/kind-commands.js';
import { planRecorder } from '../run/plan-recorder.js';
import { threadsOf } from './prepare-profiler.js';
import { profilerWays } from './profiler-ways.js';
import { runnableSql } from '../run/runnable-sql.js';
import { ROWS_READ } from '../run/rows-read.js';
import { statementTimeoutMs } from './open-profiler-stage.js';
import { countWords } from '../../contract/count-words.js';

export const profilerCommands: KindCommands<ProfilerRecipe> = {
  ways: profilerWays,
  check: async function* (checked, connections, context) {
    const { recipe } = checked;
    const { type, config } = await connections.ofService(stagedFrom(checked));
    const { computeTableMetrics } = recipe.source.sourceConfig.config;
    const rowChanges = computeTableMetrics && chosenMetrics(recipe).includes('system');
    const tablesAtOnce = { count: threadsOf(recipe), key: 'sourceConfig.config.threadCount' };
    const options = { ...ROWS_READ, rowChanges, tablesAtOnce };
    yield* findSource(type).check(config, context, options, profilerSelection(recipe));
  },
  plan: planProfiles,
};

interface PlannedTable {
  readonly fqn: string;
  readonly rows?: number;
  readonly bytes?: number;
  readonly statements: number;
  readonly tooLarge?: string;
  /** Custom metrics that are not sent, and why. */
  readonly refused?: readonly string[];
  readonly sql: readonly string[];
}

/**
 * How many tables, statements and bytes a run would read, before anything runs. What earlier runs remember is in the
 * workers' staging store, so here every table counts as changed.
 */
async function planProfiles(
  checked: Parameters<KindCommands<ProfilerRecipe>['plan']>[0],
  { limit = 20, signal = new AbortController().signal, onWarning = () => undefined, sql = false }: PlanOptions
): Promise<RecipePlan> {
  const { recipe } = checked;
  const connections = new Connections({});
  try {
    const staged = stagedFrom(checked);
    const client = await connections.client(staged);
    await serviceThere(client, recipe.source.serviceName, signal);
    const { type, config } = await connections.ofService(staged);
    const { openMeasures } = findSource(type);
    if (openMeasures === undefined) throw new PermanentError(`The connector ${type} measures no rows.`);
    const context = { runTag: runTag('plan'), signal, onStatement: () => undefined, onWarning };
    const source = await openMeasures(config, context, { statementTimeoutMs: statementTimeoutMs(recipe) });
    try {
      const recorder = planRecorder(onWarning);
      const plans = new Map<string, { plan: TablePlan; statements: readonly string[] }>();
      const leftOut: LeftOut[] = [];
      const listed = await listTables({
        client,
        recipe,
        signal,
        recorder,
        source,
        settings: { server: await client.profiles.settings({ signal }), now: Date.now() },
        remembered: new Map(),
        onLeftOut: ({ fqn, outcome, reason = '' }) => void (outcome === 'filtered' && leftOut.push({ fqn, reason })),
        onPlanned: (plan, statements) => plans.set(plan.fqn, { plan, statements }),
      });
      const part = recorder.take();
      const tables = listed.map((table) => toPlanned(table, plans.get(table.fqn)));
      const filtered = countsOf(part, 'source').filtered;
      const failures = failuresOf(part, 'profiler');
      const budget = recipe.workflowConfig.config?.profiler?.budget?.statements;
      const data = {
        service: recipe.source.serviceName,
        tables: tables.length,
        filtered,
        statements: sum(tables.map(({ statements }) => statements)),
        ...(budget === undefined ? {} : { budget }),
        rows: sum(tables.map(({ rows = 0 }) => rows)),
        bytes: sum(tables.map(({ bytes = 0 }) => bytes)),
        /** Tables of which the source's catalogue does not say them. */
        unknown: {
          rows: tables.filter(({ rows }) => rows === undefined).length,
          bytes: tables.filter(({ bytes }) => bytes === undefined).length,
        },
        mayTakeMore: [...plans.values()].filter(({ plan }) => mayBeRemeasured(plan)).length,
        leftOut: leftOut.slice(0, limit),
        failures,
        first: tables
          .slice(0, sql ? tables.length : limit)
          .map(({ sql: texts, ...table }) => (sql ? { ...table, sql: texts } : table)),
      };
      return { data, text: planText(data, tables, sql, limit), incomplete: failures.length > 0 };
    } finally {
      await source.close();
    }
  } finally {
    await connections.close();
  }
}

function toPlanned(
  { fqn, facts, statements }: ListedTable,
  planned: { readonly plan: TablePlan; readonly statements: readonly string[] } | undefined
): PlannedTable {
  return {
    fqn,
    ...(facts.rows === undefined ? {} : { rows: facts.rows }),
    ...(facts.bytes === undefined ? {} : { bytes: facts.bytes }),
    statements,
    ...(planned?.plan.tooLarge === undefined ? {} : { tooLarge: planned.plan.tooLarge }),
    ...refusedOf(planned?.plan),
    sql: planned?.statements ?? [],
  };
}

function refusedOf(plan: TablePlan | undefined): Pick<PlannedTable, 'refused'> {
  if (plan === undefined || plan.tooLarge !== undefined) return {};
  const refused = [plan, ...plan.columns].flatMap(({ customMetrics }) =>
    customMetrics.flatMap((each) => (each.refused === undefined ? [] : [`custom metric ${each.name}: ${each.refused}`]))
  );
  return refused.length === 0 ? {} : { refused };
}

interface LeftOut {
  readonly fqn: string;
  readonly reason: string;
}

const numbers = new Intl.NumberFormat('en-US');

interface PlanNumbers extends Readonly<Record<'tables' | 'filtered' | 'statements' | 'rows' | 'bytes', number>> {
  readonly service: string;
  /** Tables with numbers that may have to be measured again, as only their values tell. */
  readonly mayTakeMore?: number;
  /** Statements that read rows, of one run. */
  readonly budget?: number;
  readonly unknown: Readonly<Record<'rows' | 'bytes', number>>;
  readonly leftOut: readonly LeftOut[];
}

/** What `om-ingest plan` prints; with `sql` as comments and statements that can be run. */
export function planText(data: PlanNumbers, tables: readonly PlannedTable[], sql: boolean, limit: number): string {
  const { unknown, filtered, leftOut } = data;
  const size = (of: 'rows' | 'bytes'): string => {
    if (unknown[of] > 0 && unknown[of] === data.tables) return `an unknown number of ${of}`;
    const part = unknown[of] === 0 ? '' : ` (unknown of ${countWords(unknown[of], 'table', 'tables')})`;
    return `about ${of === 'rows' ? countWords(data.rows, 'row', 'rows') : countWords(data.bytes, 'byte', 'bytes')}${part}`;
  };
  const cheap = tables.filter(({ tooLarge }) => tooLarge !== undefined).length;
  const large = cheap === 0 ? '' : ` (${numbers.format(cheap)} of them too large for more than what costs nothing)`;
  const head = `A run of ${data.service} now: ${countWords(data.tables, 'table', 'tables')} at most${large}, ${countWords(data.statements, 'statement that reads', 'statements that read')} rows, ${size('rows')} and ${size('bytes')}; ${numbers.format(filtered)} left out. Nothing was read or written.${unknownText(data)}${budgetText(data, tables)} Tables that did not change since their last profile are left alone.`;
  const without = leftOut.map(({ fqn, reason }) => `${fqn}: left out; ${reason}`);
  if (filtered > leftOut.length) without.push(`… and ${numbers.format(filtered - leftOut.length)} more left out`);
  if (sql) {
    const texts = tables.map((table) =>
      [
        `-- ${harmlessLine(table.fqn)}`,
        ...table.sql.map(runnableSql),
        ...(table.refused ?? []).map((line) => `-- ${harmlessLine(`not sent: ${line}`)}`),
      ].join('\n')
    );
    if (without.length > 0) texts.push(without.map((line) => `-- ${harmlessLine(line)}`).join('\n'));
    return [harmlessLine(head), '', texts.join('\n\n')].join('\n');
  }
  const lines = tables.slice(0, limit).flatMap(({ fqn, statements, rows, tooLarge, refused = [] }) => {
    const known = rows === undefined ? 'rows not known' : countWords(rows, 'row', 'rows');
    const only = tooLarge === undefined ? '' : `; only what costs nothing, as ${tooLarge}`;
    return [
      `  ${fqn}: ${countWords(statements, 'statement', 'statements')}, ${known}${only}`,
      ...refused.map((line) => `    not sent: ${line}`),
    ];
  });
  const more = tables.length > limit ? [`  … and ${numbers.format(tables.length - limit)} more`] : [];
  return [head, '', ...lines, ...more, ...without.map((line) => `  ${line}`)].map(harmlessLine).join('\n');
}

/** What no plan knows. */
function unknownText({ mayTakeMore = 0 }: PlanNumbers): string {
  if (mayTakeMore === 0) return '';
  return ` Not counted, as only the values tell: one or two more of each table whose numbers lie close together or near the ends of doubles (${countWords(mayTakeMore, 'table has', 'tables have')} numbers), and what is split where the source refuses it.`;
}

function budgetText({ budget, statements }: PlanNumbers, tables: readonly PlannedTable[]): string {
  if (budget === undefined) return '';
  const limit = `the budget of ${countWords(budget, 'statement', 'statements')}`;
  if (statements <= budget) return ` That is within ${limit}.`;
  const runs = numbers.format(Math.max(Math.ceil(statements / budget), runsOf(budget, tables)));
  return ` That is above ${limit}: all tables take ${runs} runs or more, the oldest profiles first.`;
}

/** A table is measured in one run: what is left of a budget behind the last one that fits is not used. */
function runsOf(budget: number, tables: readonly PlannedTable[]): number {
  let runs = 1;
  let left = budget;
  for (const { statements } of tables) {
    if (statements > left) {
      runs += 1;
      left = budget;
    }
    left -= statements;
  }
  return runs;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
