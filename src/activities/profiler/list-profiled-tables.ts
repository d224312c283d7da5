import {
  emptyStoredRows,
  leftOutLine,
  listTables,
  mayStillShow,
  planUnits,
  readChanges,
  readMemory,
  seenLine,
  withAges,
  type LeftOutLine,
  type UnchangedTable,
} from '../../profiler/index.js';
import { listStage } from '../../staging/index.js';
import { ONE, STAGES } from '../../contract/stage-names.js';
import type { ProfiledTablesResult, RunPlan, StageInput } from '../../contract/run-plan.js';
import { resultOf } from '../metadata/open-stage.js';
import type { Shared } from '../run/activity-deps.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { openProfilerStage } from './open-profiler-stage.js';
import { CHANGES_SEEN, LEFT_OUT, stagedUnits } from './profiled-units.js';

/** Lists what has to be profiled and cuts it into units. A retry lists again what isn't in a unit yet. */
export function listProfiledTablesActivity(shared: Shared): (input: StageInput) => Promise<ProfiledTablesResult> {
  return (input) =>
    inStage(async (context) => {
      const { recorder, progress, signal } = context;
      const { store } = shared;
      const { pipelineRunId: run, anchor, startedAt } = input.identity;
      const stage = await openProfilerStage(shared, input, context);
      const listAll = async (): Promise<void> => {
        const leftOut: LeftOutLine[] = [];
        const { recipe, client, server } = stage;
        const before = await readMemory(store, recipe.source.serviceName);
        if (before === undefined && recipe.workflowConfig.config?.profiler?.skipUnchanged !== false)
          recorder.note('Nothing is known of earlier profiles here: every table counts as changed.');
        const remembered = before ?? new Map();
        const unchanged: UnchangedTable[] = [];
        const { tables: listed, seen } = await stage.withSource(async (source) => {
          const tables = await listTables({
            client,
            recipe,
            signal,
            recorder,
            source,
            settings: { server, now: anchor },
            remembered,
            onUnchanged: (table) => void unchanged.push(table),
            onLeftOut: (line) => void leftOut.push(line),
            onDue: async (table) => {
              const mayShow = mayStillShow(table, recipe, server);
              if (mayShow !== undefined) await emptyStoredRows(table, mayShow, { client, recorder, signal });
            },
          });
          return readChanges({
            ...{ store, client, recipe, recorder, signal, source, remembered },
            ...{ listed: tables, unchanged, now: anchor, timestamp: startedAt },
          });
        });
        // what was counted belongs to the whole listing, which is counted when it is complete
        const uncounted = { store, takeFacts: () => undefined, onCommit: progress };
        await listStage(uncounted, {
          to: stage.slice(STAGES.profiledTables, LEFT_OUT),
          keyOf: (line) => leftOutLine.parse(JSON.parse(line.toString())).fqn,
          work: async (listing) => {
            for (const line of leftOut) await listing.add(JSON.stringify(line), { key: line.fqn });
          },
        });
        await listStage(uncounted, {
          to: stage.slice(STAGES.profiledTables, CHANGES_SEEN),
          keyOf: (line) => seenLine.parse(JSON.parse(line.toString()))[0],
          work: async (listing) => {
            for (const line of seen) await listing.add(JSON.stringify(line), { key: line[0] });
          },
        });
        const behind = new Set<string>();
        let kept = 0;
        for await (const tables of stagedUnits(store, run)) {
          kept += 1;
          for (const { fqn } of tables) behind.add(fqn);
        }
        const rest = listed.filter(({ fqn }) => !behind.has(fqn));
        const byAge = input.plan.budget !== undefined;
        const aged = byAge ? await withAges(rest, client, signal) : rest;
        const lanes = lanesFor(input.plan);
        if (lanes < input.plan.threads && lanes < aged.length) recorder.note(fewLanes(input.plan, lanes));
        const units = planUnits(aged, lanes, byAge);
        for (const [at, tables] of units.entries()) {
          const to = stage.slice(STAGES.profileUnits, String(kept + at));
          await listStage(uncounted, { to, work: async (listing) => listing.add(JSON.stringify(tables), {}) });
        }
      };
      const to = stage.slice(STAGES.profiledTables, ONE);
      const result = resultOf(await listStage(stageRun(store, context), { to, work: listAll }));
      const needs: number[] = [];
      for await (const tables of stagedUnits(store, run))
        needs.push(tables.reduce((sum, table) => sum + table.statements, 0));
      return { ...result, units: needs.length, ...(input.plan.budget === undefined ? {} : { needs }) };
    });
}

function fewLanes({ threads, sessions }: Pick<RunPlan, 'threads' | 'sessions'>, lanes: number): string {
  const at = lanes === 1 ? 'one table is' : `${lanes} tables are`;
  return `${at} measured at once, as workflowConfig.config.maxSessions is ${sessions?.most} (threadCount: ${threads}).`;
}

/** Units that can run at once: each needs sessions of the source, where these are limited. */
function lanesFor({ threads, sessions }: Pick<RunPlan, 'threads' | 'sessions'>): number {
  return sessions === undefined ? threads : Math.max(1, Math.min(threads, Math.floor(sessions.most / sessions.each)));
}
