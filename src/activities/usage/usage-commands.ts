import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connections, factOf, readEarlierFacts, serviceThere, stagedFrom } from '../../run-context/index.js';
import { nameFilter } from '../../filters/index.js';
import { TableFinder } from '../../lineage/index.js';
import type { OpenMetadataClient } from '../../openmetadata/index.js';
import type { RecipeOf } from '../../recipe/index.js';
import { countsOf, mergeParts, NO_PART, type PartRecorder, type PartReport } from '../../report/index.js';
import {
  checkQueryLogFile,
  dayText,
  findSource,
  runTag,
  type CheckResult,
  type UsageLogOptions,
} from '../../sources/index.js';
import { ParserPool } from '../../sql/index.js';
import { FolderStore, type ManifestEntry, type SliceAddress } from '../../staging/index.js';
import {
  aggregateUsage,
  completeBefore,
  CounterLedger,
  DAY_MS,
  dayOf,
  daysDone,
  foldWindow,
  parseGroups,
  planUsage,
  runLog,
  serviceDatabases,
  settingsOf,
  usageLogOptions,
  UsageTally,
  withoutDone,
  type PlannedUsage,
  type RunLog,
} from '../../usage/index.js';
import { logNames } from '../run/log-names.js';
import type { CheckedFile, KindCommands, PlanOptions } from '../run/kind-commands.js';
import { planRecorder } from '../run/plan-recorder.js';
import { NO_USAGE_LOG, openUsageLog } from './open-usage-log.js';
import { USAGE_FACT } from './plan-usage-windows.js';
import { usagePlanText } from './usage-plan-text.js';

/** A plan for a log of counters. */
const COUNTERS =
  'What earlier runs have read of the counters stands in the staging store of the workers: a run counts on from there, a plan shows what a first run would count.';

type UsageFile = CheckedFile<RecipeOf<'usage'>>;

export const usageCommands: KindCommands<RecipeOf<'usage'>> = {
  check: checkLog,
  plan: async (checked, options) => {
    const { planned, report } = await plan(checked, options);
    const { records, errors } = countsOf(report, 'source');
    const data = { service: checked.recipe.source.serviceName, queriesRead: records, ...planned, notes: report.notes };
    return { data, text: usagePlanText(data), incomplete: errors > 0 };
  },
};

async function* checkLog(
  ...[checked, connections, context]: Parameters<KindCommands<RecipeOf<'usage'>>['check']>
): AsyncGenerator<CheckResult> {
  const { recipe } = checked;
  const { config } = recipe.source.sourceConfig;
  if (config.queryLogFilePath !== undefined) {
    yield* checkQueryLogFile(config.queryLogFilePath, context.signal);
    return;
  }
  const { checkUsageLog } = findSource(recipe.source.type);
  if (checkUsageLog === undefined) {
    const message = `${recipe.source.type} has none`;
    yield { name: 'query log', passed: false, mandatory: true, message, remedy: NO_USAGE_LOG };
    return;
  }
  const connection = await connections.ofService(stagedFrom(checked));
  yield* checkUsageLog(connection.config, context, usageLogOptions(config, recipe.workflowConfig));
}

/** Reads the log and compares what it shows with OpenMetadata. */
async function plan(
  checked: UsageFile,
  { limit = 20, signal = new AbortController().signal, state, onUnit, onWarning = () => undefined }: PlanOptions
): Promise<{ planned: PlannedUsage; report: PartReport }> {
  const { recipe } = checked;
  const folder = await mkdtemp(join(tmpdir(), 'om-ingest-plan-'));
  const connections = new Connections({});
  const pool = new ParserPool();
  try {
    const staged = stagedFrom(checked);
    const client = await connections.client(staged);
    const { serviceName, sourceConfig } = recipe.source;
    const config = sourceConfig.config;
    const now = Date.now();
    const store = await FolderStore.open(folder);
    const recorder = planRecorder(onWarning);
    const run = { store, recorder, signal, takeFacts: () => recorder.take(), onCommit: () => undefined };
    const slice = (stage: string, name = '0'): SliceAddress => ({ run: 'plan', stage, slice: name });
    const context = { runTag: runTag('plan'), signal, onStatement: () => undefined, onWarning };
    const { serviceType } = await serviceThere(client, serviceName, signal);
    const names = logNames({ recipe, serviceType });
    const options = usageLogOptions(config, recipe.workflowConfig);
    const { includes, excludes } = options.users;
    const log = await openUsageLog(connections, staged, config, context);
    const parsed: ManifestEntry[] = [];
    let report = NO_PART;
    try {
      const range = await rangeOf(recipe, { client, now, signal, recorder, options });
      const windows = await log.windows(range, options);
      for (const [unit, window] of windows.entries()) {
        const [queries, to] = [slice('queries', String(unit)), slice('parsed', String(unit))];
        const users = nameFilter('usage', { includes: [...includes], excludes: [...excludes] });
        const ledger = new CounterLedger({
          state: store.state,
          service: serviceName,
          version: { run: 'plan', startedAt: now },
          settings: '',
        });
        if (window.counters === true) recorder.note(COUNTERS);
        const source = (): Promise<RunLog> => Promise.resolve(runLog(log, { ledger, users, recorder, startedAt: now }));
        report = counted(
          report,
          await foldWindow({
            ...{ ...run, source, window, options, dialect: names.dialect, users, now, onSpill: () => undefined },
            run: (n) => slice('query-runs', `${unit}-${n}`),
            to: queries,
          })
        );
        const finder = new TableFinder(client, [serviceName], names, signal);
        await parseGroups({ ...run, pool, finder, dialect: names.dialect, from: queries, to });
        parsed.push(...(await store.manifest(to)));
        onUnit?.(unit + 1, windows.length);
      }
    } finally {
      await log.close();
    }
    const tally = new UsageTally(parsed);
    const databases = tally.isAllUnknown ? await serviceDatabases(client, serviceName, signal) : [];
    const isFile = config.queryLogFilePath !== undefined;
    const merged = await aggregateUsage({
      ...run,
      chunks: parsed,
      run: (n) => slice('usage-runs', String(n)),
      to: slice('usage'),
      withCosts: config.processQueryCostAnalysis && tally.hasCosts,
      onSpill: () => undefined,
      onPart: () => undefined,
      onEnd: () => tally.report(recorder, { service: serviceName, users: options.users, databases, isFile }),
    });
    const before = completeBefore(now, log.lagMs);
    const from = slice('usage');
    const planned = await planUsage({
      ...{ client, store, from, now, limit, signal, recorder },
      ...{ service: serviceName, dialect: names.dialect, completeBefore: before, state },
    });
    return { planned, report: mergeParts(counted(report, merged), recorder.take()) };
  } finally {
    await pool.close();
    await connections.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a run would read: days that an earlier one has done only where the recipe says so. */
async function rangeOf(
  { ingestionPipelineFQN, source, workflowConfig }: RecipeOf<'usage'>,
  input: {
    readonly client: OpenMetadataClient;
    readonly now: number;
    readonly signal: AbortSignal;
    readonly recorder: PartRecorder;
    readonly options: UsageLogOptions;
  }
): Promise<{ readonly from: number; readonly to: number }> {
  const { client, now, signal, recorder, options } = input;
  const { queryLogDuration, queryLogFilePath } = source.sourceConfig.config;
  const range = { from: dayOf(now) - queryLogDuration * DAY_MS, to: dayOf(now) + DAY_MS };
  if (queryLogFilePath !== undefined || workflowConfig.config?.usage?.readAgain === true) return range;
  const identity = { pipelineRunId: 'plan', startedAt: now };
  const earlier = await readEarlierFacts(client, ingestionPipelineFQN, identity, signal);
  const done = factOf(earlier, USAGE_FACT, daysDone);
  const wanted = withoutDone(range, done, settingsOf(options, source.serviceConnection));
  if (wanted.from > range.from)
    recorder.note(
      `Days before ${dayText(wanted.from)} are done: a run doesn't read them again, unless workflowConfig.config.usage.readAgain is true.`
    );
  return wanted;
}

function counted(report: PartReport, entries: readonly ManifestEntry[]): PartReport {
  return entries.reduce((sum, { facts }) => mergeParts(sum, facts as PartReport), report);
}
