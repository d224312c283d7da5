import { KINDS, type WorkflowKind } from '../../contract/kinds.js';
import { ForeignAnswer, PermanentError, RecipeError } from '../../errors/index.js';
import type { OpenMetadataClient } from '../../openmetadata/index.js';
import type { Recipe } from '../../recipe/index.js';
import type { PartRecorder } from '../../report/index.js';
import type { Shared } from './activity-deps.js';
import { workOf } from '../work-of.js';
import {
  commitFirst,
  loadRecipe,
  readEarlierFacts,
  stageEarlierFacts,
  stageRecipe,
  type SmallFacts,
  stagedFrom,
} from '../../run-context/index.js';
import type { RecipeInput, RunIdentity, RunPlan } from '../../contract/run-plan.js';
import { reportRunning } from './run-status.js';
import { sharedLoads } from './shared-loads.js';
import { inStage, type StageContext } from './stage-context.js';
import { storeQueueName } from '../../contract/task-queues.js';
import { STAGES } from '../../contract/stage-names.js';

export interface PrepareInput {
  readonly identity: RunIdentity;
  readonly recipe: RecipeInput;
}

/**
 * Reads and checks the recipe, checks both ends, creates the service if it doesn't exist, reports `running`.
 * @returns the plan; everything else from the recipe is staged without secrets
 */
export function prepareRunActivity(shared: Shared): (input: PrepareInput) => Promise<RunPlan> {
  return ({ identity, recipe: given }) =>
    inStage(async (context) => {
      const { store, connections } = shared;
      const { recorder, signal } = context;
      const checked = await loadRecipe(given, shared, identity);
      const { recipe, file } = checked;
      context.logAt(recipe.workflowConfig.loggerLevel);
      if (recipe.kind !== identity.kind) throw wrongKind(recipe, identity, file ?? 'recipe');
      if (identity.askedFor !== undefined) recorder.note(askedForAnother(identity.askedFor, recipe));
      for (const warning of checked.warnings) recorder.warning('source', warning);
      const base = { ...stagedFrom(checked), run: identity.pipelineRunId };

      const client = await connections.client(base);
      const { warning } = await client.system.version({ signal }).catch(wrongPlace);
      if (warning !== undefined && recipe.workflowConfig.openMetadataServerConfig.enableVersionValidation) {
        recorder.warning('sink', warning);
      }
      const { preparation } = workOf(recipe.kind);
      const run = { shared, staged: base, recipe, identity, client, context };
      const { reference, serviceType } = await preparation.owner(run);
      await reportRunning({ client, recipe, identity, recorder, signal }, reference, shared);
      const staged = { ...base, ...(serviceType === undefined ? {} : { serviceType }) };
      const source = preparation.opensSource(recipe) ? await connections.ofService(staged) : undefined;
      const share = await preparation.prepare({ ...run, staged });
      const earlier = await factsBefore(client, recipe, identity, context);
      // what it warns of is a fact of this stage
      const loads = sharedLoads(source, staged, shared.heartbeatMs, recorder);
      await Promise.all([
        stageRecipe(store, identity.pipelineRunId, { ...staged, ...share.staged }),
        stageEarlierFacts(store, identity.pipelineRunId, earlier),
        stageFacts(shared, identity, recorder),
      ]);
      return { ...makePlan(shared, recipe), ...loads, ...share.plan, ...(await searchAttributes(shared)) };
    });
}

/** The first answer of all: waiting mends no wrong hostPort. */
function wrongPlace(error: unknown): never {
  if (!(error instanceof ForeignAnswer)) throw error;
  throw new PermanentError(error.describe(), { cause: error });
}

/** A status that can't be read doesn't fail the run: it does what a run without a memory does. */
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

function makePlan(
  { store, taskQueue, heartbeatMs, storeTimeoutMs, slots }: Shared,
  recipe: Recipe
): Omit<RunPlan, 'threads'> {
  return {
    service: recipe.source.serviceName,
    sourceType: recipe.source.type,
    ...(recipe.ingestionPipelineFQN === undefined ? {} : { ingestionPipelineFQN: recipe.ingestionPipelineFQN }),
    store: store.id,
    storeQueue: storeQueueName(taskQueue, store.id),
    slots,
    heartbeatMs,
    storeTimeoutMs,
    ...(recipe.enableStreamableLogs && recipe.ingestionPipelineFQN !== undefined ? { streamLogs: true as const } : {}),
    loggerLevel: recipe.workflowConfig.loggerLevel,
  };
}

async function searchAttributes({ searchAttributesRegistered }: Shared): Promise<Pick<RunPlan, 'searchAttributes'>> {
  return (await searchAttributesRegistered?.()) === true ? { searchAttributes: true } : {};
}

/** A retry of this activity counts from zero; the first attempt that completes is the one that holds. */
async function stageFacts({ store }: Shared, identity: RunIdentity, recorder: PartRecorder): Promise<void> {
  const address = { run: identity.pipelineRunId, stage: STAGES.prepare, slice: 'recipe' };
  await commitFirst(store, address, { facts: recorder.take() });
}

function askedForAnother(askedFor: WorkflowKind, { kind }: Recipe): string {
  const { title, workflowType } = KINDS[kind];
  return `${KINDS[askedFor].workflowType} was asked for, but the recipe is one of ${title} runs: ${workflowType} ran. Start that one, or say --kind ${kind}.`;
}

function wrongKind(recipe: Recipe, identity: RunIdentity, origin: string): RecipeError {
  const { title, workflowType } = KINDS[recipe.kind];
  const message = `is a recipe of ${title} runs, but the workflow is ${KINDS[identity.kind].workflowType}. Start ${workflowType} with it.`;
  return new RecipeError([{ path: 'source.sourceConfig.config.type', message }], origin, { kind: recipe.kind });
}
