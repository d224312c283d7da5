import { PermanentError } from '../../errors/index.js';
import { STANDING, standing, standingOfLabel, standingOfRuns, type DeletionMemory } from '../../metadata/index.js';
import type { OpenMetadataClient } from '../../openmetadata/index.js';
import { toRunningStatus } from '../../report/index.js';
import type { StageInput } from '../../contract/run-plan.js';
import { factOf, factsForStatus, readFactsOfRuns } from '../../run-context/index.js';
import type { StagingStore } from '../../staging/index.js';
import type { StageContext } from '../run/stage-context.js';

/**
 * What runs of the pipeline tell each other of their deletions, by their statuses: two that run at once, on two hosts,
 * share what one may mark, and one that is killed has said what it was to mark. Undefined without a pipeline.
 */
export function deletionMemory(
  store: StagingStore,
  { identity, plan }: StageInput,
  client: OpenMetadataClient,
  { recorder, signal }: Pick<StageContext, 'recorder' | 'signal'>
): DeletionMemory | undefined {
  const fqn = plan.ingestionPipelineFQN;
  if (fqn === undefined) return undefined;
  const { pipelineRunId: runId } = identity;
  const orWarning = async <T>(work: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      recorder.warning('sink', `Pipeline ${fqn} does not take part in what may be marked deleted: ${error.describe()}`);
      return otherwise;
    }
  };
  return {
    look: (label) =>
      orWarning(async () => {
        const runs = await readFactsOfRuns(client, fqn, identity, signal);
        const others = runs.filter((each) => each.runId !== runId);
        return standingOfRuns(
          others.flatMap(({ startedAt, endedAt, facts }) => {
            const found = standingOfLabel(factOf(facts, STANDING, standing), label);
            return found === undefined ? [] : [{ startedAt, endedAt, standing: found }];
          })
        );
      }, undefined),
    announce: (next) =>
      orWarning(async () => {
        const status = await client.pipelines.getStatus(fqn, runId, { signal });
        const facts = await factsForStatus(store, runId, { [STANDING]: next });
        return client.pipelines.putStatus(fqn, toRunningStatus(identity, { ...status?.metadata, ...facts }), {
          signal,
        });
      }, false),
  };
}
