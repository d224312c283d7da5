import { ContainerFinder, edgeFilter, parseSlice, procedureFilter } from '../../lineage/index.js';
import type { Shared } from '../run/activity-deps.js';
import { stageResult } from '../metadata/open-stage.js';
import type { StageInput, StageResult } from '../../contract/run-plan.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { ONE, STAGES } from '../../contract/stage-names.js';
import { openLineageStage } from './open-lineage-stage.js';

export interface ParseInput extends StageInput {
  /** A window of the query log by its number, or the views. */
  readonly of: number | 'views';
}

/** Parses what one slice holds: the statements of a window, or of the views. */
export function parseLineageActivity(shared: Shared): (input: ParseInput) => Promise<StageResult> {
  return (input) =>
    inStage(async (context) => {
      const { signal } = context;
      const stage = await openLineageStage(shared, input, context);
      const isViews = input.of === 'views';
      const to = stage.slice(STAGES.parsed, String(input.of));
      await shared.parsers.use(input.identity.pipelineRunId, stage.config.parsingTimeoutLimit, (pool, tables) =>
        parseSlice({
          pool,
          finder: stage.finder(tables),
          containers: new ContainerFinder(stage.client, signal),
          dialect: stage.dialect,
          signal,
          ...stageRun(shared.store, context),
          from: isViews ? stage.slice(STAGES.views, ONE) : stage.slice(STAGES.queries, String(input.of)),
          to,
          lines: isViews ? 'views' : 'log',
          keepUnknown: stage.config.enableTempTableLineage,
          isSelected: edgeFilter(stage.config),
          procedures: procedureFilter(stage.config),
        })
      );
      return stageResult(shared.store, [to]);
    });
}
