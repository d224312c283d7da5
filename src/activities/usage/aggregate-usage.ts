import { ONE, STAGES } from '../../contract/stage-names.js';
import type { StageInput, StageResult } from '../../contract/run-plan.js';
import { aggregateUsage, serviceDatabases, UsageTally } from '../../usage/index.js';
import { resultOf } from '../metadata/open-stage.js';
import type { Shared } from '../run/activity-deps.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { openUsageStage } from './open-usage-stage.js';
import { parsedChunks } from './parsed-chunks.js';

/** table-usage: adds up what the statements of all windows say about tables, queries and costs. */
export function aggregateUsageActivity(shared: Shared): (input: StageInput) => Promise<StageResult> {
  return (input) =>
    inStage(async (context) => {
      const { store } = shared;
      const { recorder, progress } = context;
      const stage = await openUsageStage(shared, input, context);
      const address = stage.slice(STAGES.usage, ONE);
      const chunks = await parsedChunks(store, input.identity.pipelineRunId);
      const tally = new UsageTally(chunks);
      const { service } = input.plan;
      const databases = tally.isAllUnknown ? await serviceDatabases(stage.client, service, context.signal) : [];
      const isFile = stage.config.queryLogFilePath !== undefined;
      const merged = await aggregateUsage({
        ...stageRun(store, context),
        chunks,
        run: (n) => stage.slice(STAGES.usageRuns, String(n)),
        to: address,
        withCosts: stage.config.processQueryCostAnalysis && tally.hasCosts,
        onSpill: progress,
        onPart: ({ kind }) => recorder.count('table-usage', { records: kind === 'day' ? 1 : 0 }),
        onEnd: () => tally.report(recorder, { service, users: stage.options.users, databases, isFile }),
      });
      return resultOf(merged);
    });
}
