import { publishEdges } from '../../lineage/index.js';
import type { Shared } from '../run/activity-deps.js';
import { stageResult } from '../metadata/open-stage.js';
import type { StageResult, UnitInput } from '../../contract/run-plan.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { ONE, STAGES } from '../../contract/stage-names.js';
import { openLineageStage } from './open-lineage-stage.js';
import { StoredListings } from './stored-listings.js';
import { orSlowDown } from '../run/slow-down.js';
import { NO_PART } from '../../report/index.js';

export interface PublishLineageInput extends UnitInput {
  /** Edges sent at once. */
  readonly lanes: number;
}

/** Publishes the edges and statements of one unit: a chunk of what the run has merged. */
export function publishLineageActivity(shared: Shared): (input: PublishLineageInput) => Promise<StageResult> {
  const listings = new StoredListings();
  return (input) =>
    inStage(async (context) => {
      const { store } = shared;
      const stage = await openLineageStage(shared, input, context);
      const to = stage.slice(STAGES.publishedEdges, String(input.unit));
      return orSlowDown<StageResult>({ part: NO_PART }, async () => {
        await publishEdges({
          ...stageRun(store, context),
          client: stage.client,
          lanes: input.lanes,
          keepStored: (list) => listings.of(input.identity.pipelineRunId, list),
          signal: context.signal,
          from: stage.slice(STAGES.merged, ONE),
          unit: input.unit,
          to,
          service: input.plan.service,
          dialect: stage.dialect,
        });
        return stageResult(store, [to]);
      });
    });
}
