import { emptyPartitions, emptySamples, named, rememberRun, type ProfiledTables } from '../../profiler/index.js';
import type { PartRecorder } from '../../report/index.js';
import { listStage, type StagingStore, type StateVersion } from '../../staging/index.js';
import { ONE, STAGES } from '../../contract/stage-names.js';
import type { StageInput, StageResult } from '../../contract/run-plan.js';
import { resultOf } from '../metadata/open-stage.js';
import type { Shared } from '../run/activity-deps.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { openProfilerStage } from './open-profiler-stage.js';
import { CHANGES_SEEN, profiledUnits, stagedValues } from './profiled-units.js';
import { countWords } from '../../contract/count-words.js';

/** Keeps for the next run when each table was profiled, and with which configuration. */
export function rememberProfilesActivity(shared: Shared): (input: StageInput) => Promise<StageResult> {
  return (input) =>
    inStage(async (context) => {
      const { store } = shared;
      const { pipelineRunId: run, startedAt } = input.identity;
      const stage = await openProfilerStage(shared, input, context);
      const work = async (): Promise<void> => {
        const profiled = await rememberStaged(store, stage.recipe.source.serviceName, { run, startedAt });
        tellOf(profiled, context.recorder, input.plan.budget?.statements);
      };
      const to = stage.slice(STAGES.rememberedProfiles, ONE);
      return resultOf(await listStage(stageRun(store, context), { to, work }));
    });
}

/** What the report says of all tables that were profiled. */
export function tellOf(
  { bytes, sampledNone, emptyPartition, left, statements, setApart }: ProfiledTables,
  recorder: Pick<PartRecorder, 'note' | 'incomplete'>,
  budget?: number
): void {
  // so many at most were sent by what was lost, and the rest must not be sent again
  const lost = setApart === 0 ? '' : `, ${setApart} more set apart for work that was lost`;
  const of =
    budget === undefined ? '' : ` (${statements} of ${countWords(budget, 'statement', 'statements')} sent${lost})`;
  if (left.length > 0) recorder.incomplete(`The budget is spent${of}: ${named(left)} left for the next run.`);
  for (const line of [emptySamples(sampledNone), emptyPartitions(emptyPartition)])
    if (line !== undefined) recorder.note(line);
  if (bytes > 0) recorder.note(`The tables that were profiled hold ${countWords(bytes, 'byte', 'bytes')}.`);
}

/**
 * The same for what a run has staged so far: the next run continues where a cancelled, failed or killed one stopped.
 */
export function rememberStaged(store: StagingStore, service: string, version: StateVersion): Promise<ProfiledTables> {
  const { run } = version;
  const seen = stagedValues(store, { run, stage: STAGES.profiledTables, slice: CHANGES_SEEN });
  return rememberRun({ store, service, version, units: profiledUnits(store, run), seen });
}
