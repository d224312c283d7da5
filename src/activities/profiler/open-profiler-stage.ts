import { PermanentError } from '../../errors/index.js';
import type { OpenMetadataClient, ProfilerSettings } from '../../openmetadata/index.js';
import type { ProfilerRecipe } from '../../recipe/index.js';
import { currentRecorder, stagedRecipeOf, type StagedRecipe } from '../../run-context/index.js';
import { findSource, runTag, type MeasureSource, type SourceContext } from '../../sources/index.js';
import type { SliceAddress } from '../../staging/index.js';
import type { RunIdentity, StageInput } from '../../contract/run-plan.js';
import type { Shared } from '../run/activity-deps.js';
import type { StageContext } from '../run/stage-context.js';
import { unitTag } from '../run/unit-tag.js';
import { withOpened } from '../run/with-opened.js';
import { recipeOfKind } from '../run/recipe-of-kind.js';

/** What a stage of the profiler workflow works with. */
export interface OpenedProfilerStage {
  readonly recipe: ProfilerRecipe;
  readonly client: OpenMetadataClient;
  readonly server: ProfilerSettings | undefined;
  slice(stage: string, slice: string): SliceAddress;
  withSource<T>(work: (source: MeasureSource) => Promise<T>): Promise<T>;
  /** Tags the session's statements with the unit. */
  sessionContext(unit: number): SourceContext;
}

export async function openProfilerStage(
  shared: Shared,
  { identity, plan }: StageInput,
  { recorder, signal }: StageContext
): Promise<OpenedProfilerStage> {
  const run = identity.pipelineRunId;
  const staged = await stagedRecipeOf(shared.store, run);
  const recipe = recipeOfKind(staged, 'profiler');
  const client = await shared.connections.client(staged);
  return {
    recipe,
    client,
    server: await client.profiles.settings({ signal }),
    slice: (stage, slice) => ({ run, stage, slice }),
    withSource: (work) => {
      const most = plan.sessions?.each;
      const open = (until: AbortSignal): Promise<MeasureSource> =>
        openSource(shared, staged, recipe, identity, until, most);
      // the permit ends with the activity, so no session may outlive it
      if (plan.sessions !== undefined)
        return withOpened(
          () => open(signal),
          async (opened) => work(await opened())
        );
      return shared.measures.use(run, (context) => open(context.signal), work);
    },
    sessionContext: (unit) => ({
      runTag: unitTag(identity, unit),
      signal,
      onStatement: (milliseconds) => recorder.count('profiler', { statements: 1, sourceMs: Math.round(milliseconds) }),
      onWarning: (message) => recorder.warning('profiler', message),
    }),
  };
}

async function openSource(
  { connections }: Shared,
  staged: StagedRecipe,
  recipe: ProfilerRecipe,
  identity: RunIdentity,
  signal: AbortSignal,
  mostSessions: number | undefined
): Promise<MeasureSource> {
  const { type, config } = await connections.ofService(staged);
  const { openMeasures } = findSource(type);
  if (openMeasures === undefined) {
    throw new PermanentError(`The connector ${type} measures no rows: it can't be profiled.`, { where: 'source.type' });
  }
  // the source outlives the stage that opened it: its counts go to the stage that is running
  const context: SourceContext = {
    runTag: runTag(`${identity.kind} ${identity.pipelineRunId}`),
    signal,
    ...(mostSessions === undefined ? {} : { mostSessions }),
    onStatement: (milliseconds) =>
      currentRecorder()?.count('profiler', { statements: 1, sourceMs: Math.round(milliseconds) }),
    onWarning: (message) => currentRecorder()?.warning('profiler', message),
  };
  return openMeasures(config, context, { statementTimeoutMs: statementTimeoutMs(recipe) });
}

export function statementTimeoutMs({ source, processor }: ProfilerRecipe): number {
  return 1000 * (processor?.config?.profiler?.timeout_seconds ?? source.sourceConfig.config.timeoutSeconds);
}
