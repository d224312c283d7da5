import { KINDS } from '../../contract/kinds.js';
import { PermanentError, RecipeError, TransientError } from '../../errors/index.js';
import type { DatabaseServiceRecord, OpenMetadataClient } from '../../openmetadata/index.js';
import type { LineageRecipe, MetadataRecipe, Recipe } from '../../recipe/index.js';
import type { PartRecorder } from '../../report/index.js';
import { findSource, isSourceType } from '../../sources/index.js';
import type { Shared } from './activity-deps.js';
import { lookBack } from '../metadata/incremental.js';
import {
  loadRecipe,
  readEarlierFacts,
  stageEarlierFacts,
  stageRecipe,
  type SmallFacts,
  type StagedRecipe,
} from '../../run-context/index.js';
import { metadataOptions, sourceContext } from '../metadata/open-stage.js';
import type { RecipeInput, RunIdentity, RunPlan } from '../../contract/run-plan.js';
import { reportRunning } from './run-status.js';
import { inStage, type StageContext } from './stage-context.js';
import { storeQueueName } from '../../contract/task-queues.js';
import { STAGES } from '../../contract/stage-names.js';

export interface PrepareInput {
  readonly identity: RunIdentity;
  readonly recipe: RecipeInput;
}

/**
 * Reads and checks the recipe, looks at both ends, makes the service when it is not there, reports `running`.
 * @returns the plan; everything else of the recipe is staged without secrets
 */
export function prepareRunActivity(shared: Shared): (input: PrepareInput) => Promise<RunPlan> {
  return ({ identity, recipe: given }) =>
    inStage(async (context) => {
      const { store, connections } = shared;
      const { recorder, signal } = context;
      const checked = await loadRecipe(given, shared.recipesDir, shared.memorySecrets);
      const { recipe, file, sha256 } = checked;
      if (recipe.kind !== identity.kind) throw wrongKind(recipe, identity, file ?? 'recipe');
      for (const warning of checked.warnings) recorder.warning('source', warning);
      let staged: StagedRecipe = { recipe, ...(file === undefined ? {} : { file: { file, sha256 } }) };

      const client = await connections.client(staged);
      const { warning } = await client.system.version({ signal });
      if (warning !== undefined && recipe.workflowConfig.openMetadataServerConfig.enableVersionValidation) {
        recorder.warning('sink', warning);
      }
      const service = await ensureService(shared, staged, client, signal);
      await reportRunning({ client, recipe, identity, recorder, signal }, service.id, shared);
      staged = { ...staged, serviceType: service.serviceType };
      warnOfOtherType(recipe, service, recorder);
      if (recipe.kind === 'metadata') {
        await checkSource(shared, staged, recipe, identity, context);
        const changedSince = await lookBack(recipe, identity, client, recorder, signal);
        if (changedSince !== undefined) staged = { ...staged, changedSince };
      }
      const earlier = await factsBefore(client, recipe, identity, context);
      await Promise.all([
        stageRecipe(store, identity.pipelineRunId, staged),
        stageEarlierFacts(store, identity.pipelineRunId, earlier),
        stageFacts(shared, identity, recorder),
      ]);
      return { ...makePlan(shared, recipe), ...(await searchAttributes(shared)) };
    });
}

/** A status that can't be read is no reason to fail: the run then does what it does without a memory. */
async function factsBefore(
  client: OpenMetadataClient,
  { ingestionPipelineFQN }: Recipe,
  identity: RunIdentity,
  { recorder, signal }: StageContext
): Promise<SmallFacts> {
  try {
    return await readEarlierFacts(client, ingestionPipelineFQN, identity, signal);
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    recorder.warning('sink', `What earlier runs left for this one can't be read: ${error.describe()}`);
    return {};
  }
}

function makePlan({ store, taskQueue, heartbeatMs, storeTimeoutMs, slots }: Shared, recipe: Recipe): RunPlan {
  return {
    service: recipe.source.serviceName,
    sourceType: recipe.source.type,
    ...(recipe.ingestionPipelineFQN === undefined ? {} : { ingestionPipelineFQN: recipe.ingestionPipelineFQN }),
    store: store.id,
    storeQueue: storeQueueName(taskQueue, store.id),
    threads: recipe.source.sourceConfig.config.threads,
    slots,
    heartbeatMs,
    storeTimeoutMs,
    ...(recipe.kind === 'lineage' ? { lineage: lineageParts(recipe) } : {}),
  };
}

async function searchAttributes({ searchAttributesRegistered }: Shared): Promise<Pick<RunPlan, 'searchAttributes'>> {
  return (await searchAttributesRegistered?.()) === true ? { searchAttributes: true } : {};
}

function lineageParts({ source }: LineageRecipe): { views: boolean; queries: boolean } {
  const { processViewLineage, processQueryLineage } = source.sourceConfig.config;
  return { views: processViewLineage, queries: processQueryLineage };
}

/** Created from the recipe only when it is not there; an existing one is rewritten only by forceEntityOverwriting. */
async function ensureService(
  { connections }: Shared,
  staged: StagedRecipe,
  client: OpenMetadataClient,
  signal: AbortSignal
): Promise<DatabaseServiceRecord> {
  const { source, workflowConfig } = staged.recipe;
  const { storeServiceConnection, forceEntityOverwriting } = workflowConfig.openMetadataServerConfig;
  const existing = await client.services.find(source.serviceName, { signal });
  if (existing !== undefined && (!forceEntityOverwriting || !isSourceType(source.type))) return existing;
  if (!isSourceType(source.type)) {
    throw new PermanentError(`OpenMetadata has no service ${source.serviceName}.`, {
      where: 'source.serviceName',
      remedy: 'Lineage of a query log needs the service whose tables it names; run a metadata recipe for it first.',
    });
  }
  const config = (await connections.ofService(staged)).config;
  return client.services.create(
    {
      name: source.serviceName,
      serviceType: findSource(source.type).serviceType,
      ...(storeServiceConnection ? { connection: { config: asRecord(config) } } : {}),
    },
    { signal }
  );
}

/** A service of that name may be there already, of another type: what the run sends then lands in it all the same. */
function warnOfOtherType({ source }: Recipe, { serviceType }: DatabaseServiceRecord, recorder: PartRecorder): void {
  if (!isSourceType(source.type) || findSource(source.type).serviceType === serviceType) return;
  recorder.warning(
    'sink',
    `The service ${source.serviceName} in OpenMetadata is of type ${serviceType}, the recipe's source is ${source.type}. Is source.serviceName right?`
  );
}

async function checkSource(
  shared: Shared,
  staged: StagedRecipe,
  recipe: MetadataRecipe,
  identity: RunIdentity,
  context: StageContext
): Promise<void> {
  const spec = findSource(recipe.source.type);
  const config = (await shared.connections.ofService(staged)).config;
  for await (const result of spec.check(config, sourceContext(identity, context), metadataOptions(staged, recipe))) {
    if (result.passed) continue;
    // A server that is just starting is waited for like any other outage.
    if (result.mandatory && result.error instanceof TransientError) throw result.error;
    const remedy = result.remedy === undefined ? '' : ` ${result.remedy}`;
    if (result.mandatory)
      throw new PermanentError(`${result.name}: ${result.message}${remedy}`, { where: 'source.serviceConnection' });
    context.recorder.warning('source', `${result.name}: ${result.message}${remedy}`);
  }
}

/** A retry of this activity counts anew; the first one that came through stands. */
async function stageFacts({ store }: Shared, identity: RunIdentity, recorder: PartRecorder): Promise<void> {
  const address = { run: identity.pipelineRunId, stage: STAGES.prepare, slice: 'recipe' };
  if ((await store.manifest(address)).length === 0)
    await store.commit(address, { n: 0, facts: recorder.take(), last: true });
}

function wrongKind(recipe: Recipe, identity: RunIdentity, origin: string): RecipeError {
  const { title, workflowType } = KINDS[recipe.kind];
  const message = `is a ${title} recipe, but the workflow is ${KINDS[identity.kind].workflowType}. Start ${workflowType} with it.`;
  return new RecipeError([{ path: 'source.sourceConfig.config.type', message }], origin);
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
