import { NO_PART, makeReport, mergeParts, type PartReport, type RunReport } from '../report/index.js';
import type { Recipe } from '../recipe/index.js';
import { SOURCE_TYPES, findSource } from '../sources/index.js';
import type { StagingStore } from '../staging/index.js';
import type { Shared } from './activity-deps.js';
import { stagedRecipeOf } from './load-recipe.js';
import { isPart } from './open-stage.js';
import type { FinishInput } from './run-plan.js';
import { reportEnd } from './run-status.js';
import { inStage } from './stage-context.js';
import { STAGES } from './stage-names.js';

/** Makes the report of what is staged and reports the end to OpenMetadata. What is staged stays, so that a retry finds it. */
export function finishRunActivity(shared: Shared): (input: FinishInput) => Promise<RunReport> {
  return ({ identity, error, stopped }) =>
    inStage(async ({ recorder, signal }) => {
      const { store, connections } = shared;
      const run = identity.pipelineRunId;
      const staged = await stagedRecipeOf(store, run);
      const { recipe } = staged;
      const report = makeReport({
        workflow: `${identity.kind}Workflow`,
        service: recipe.source.serviceName,
        pipelineRunId: run,
        ...(recipe.ingestionPipelineFQN === undefined ? {} : { ingestionPipelineFQN: recipe.ingestionPipelineFQN }),
        sourceName: sourceName(recipe),
        startedAt: identity.startedAt,
        finishedAt: Date.now(),
        successThreshold: recipe.workflowConfig.successThreshold,
        raiseOnError: recipe.workflowConfig.raiseOnError,
        part: await stagedPart(store, run),
        ...(error === undefined ? {} : { error }),
        ...(stopped === undefined ? {} : { stopped }),
      });
      await reportEnd({ client: await connections.client(staged), recipe, identity, recorder, signal }, report);
      return report;
    });
}

/** OpenMetadata names the source step after the connection type. */
export function sourceName({ source }: Recipe): string {
  return SOURCE_TYPES.includes(source.type) ? findSource(source.type).serviceType : 'Query log';
}

/** Everything the run's stages counted, from their manifests. */
async function stagedPart(store: StagingStore, run: string): Promise<PartReport> {
  let part: PartReport = NO_PART;
  for (const stage of Object.values(STAGES)) {
    for (const slice of await store.slices(run, stage)) {
      for (const { facts } of await store.manifest({ run, stage, slice }))
        if (isPart(facts)) part = mergeParts(part, facts);
    }
  }
  return part;
}
