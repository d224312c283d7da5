import { STAGES } from '../../contract/stage-names.js';
import type { StageResult, UnitInput } from '../../contract/run-plan.js';
import { parseGroups } from '../../usage/index.js';
import { stageResult } from '../metadata/open-stage.js';
import type { Shared } from '../run/activity-deps.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { openUsageStage } from './open-usage-stage.js';

/** Seconds that parsing a statement may take; DatabaseUsage has no key for it. */
const PARSING_TIMEOUT = 300;

/** query-parser: finds the tables and joins in the statements of one window. */
export function parseUsageActivity(shared: Shared): (input: UnitInput) => Promise<StageResult> {
  return (input) =>
    inStage(async (context) => {
      const { signal } = context;
      const stage = await openUsageStage(shared, input, context);
      const to = stage.slice(STAGES.parsed, String(input.unit));
      await shared.parsers.use(input.identity.pipelineRunId, PARSING_TIMEOUT, (pool, tables) =>
        parseGroups({
          pool,
          finder: stage.finder(tables),
          dialect: stage.dialect,
          signal,
          ...stageRun(shared.store, context),
          from: stage.slice(STAGES.queries, String(input.unit)),
          to,
        })
      );
      return stageResult(shared.store, [to]);
    });
}
