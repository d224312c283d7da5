import type { OpenMetadataClient } from '../../openmetadata/index.js';
import { RestCatalog, makeSelection, type BulkOptions, type DeleteFlags } from '../../metadata/index.js';
import { NO_PART, mergeParts, trimPart, type PartReport } from '../../report/index.js';
import {
  findSource,
  runTag,
  type MetadataOptions,
  type MetadataSource,
  type Selection,
  type SourceContext,
} from '../../sources/index.js';
import type { ManifestEntry, SliceAddress, StagingStore } from '../../staging/index.js';
import type { Shared } from '../run/activity-deps.js';
import { stagedRecipeOf, type StagedRecipe } from '../../run-context/index.js';
import type { MetadataRecipe } from '../../recipe/index.js';
import type { RunIdentity, StageInput, StageResult } from '../../contract/run-plan.js';
import type { StageContext } from '../run/stage-context.js';
import { withOpened } from '../run/with-opened.js';
import { recipeOfKind } from '../run/recipe-of-kind.js';

/**
 * How many failures and notes one activity's result holds: results are kept in the history, and a run has thousands of
 * them.
 */
const RESULT_FAILURES = 3;
/** Used when the recipe doesn't set it for the metadata-rest sink. */
const BATCH_SIZE = 100;
const WORKERS = 2;

/** What a stage of the metadata workflow works with, made from the staged recipe. */
export interface OpenedStage {
  readonly recipe: MetadataRecipe;
  readonly client: OpenMetadataClient;
  readonly selection: Selection;
  readonly options: MetadataOptions;
  readonly bulk: BulkOptions;
  readonly overrideMetadata: boolean;
  readonly deleteFlags: DeleteFlags;
  readonly maxDeletedPercent: number | undefined;
  slice(stage: string, slice: string): SliceAddress;
  /** Hands out the source, opened when it is first asked for, and closes it after `work`. */
  withSource<T>(work: (open: () => Promise<MetadataSource>) => Promise<T>): Promise<T>;
}

export async function openStage(
  shared: Shared,
  { identity, plan, sessions }: StageInput,
  context: StageContext
): Promise<OpenedStage> {
  const run = identity.pipelineRunId;
  const staged = await stagedRecipeOf(shared.store, run);
  const recipe = recipeOfKind(staged, 'metadata');
  const config = recipe.source.sourceConfig.config;
  const client = await shared.connections.client(staged);
  const { signal, recorder } = context;
  return {
    recipe,
    client,
    selection: makeSelection(plan.service, config),
    options: metadataOptions(staged, recipe),
    bulk: {
      catalog: new RestCatalog({ client, overrideMetadata: config.overrideMetadata, signal }),
      recorder,
      batchSize: recipe.sink?.config?.bulk_sink_batch_size ?? BATCH_SIZE,
      workers: recipe.sink?.config?.async_pipeline_workers ?? WORKERS,
    },
    overrideMetadata: config.overrideMetadata,
    deleteFlags: config,
    maxDeletedPercent: recipe.workflowConfig.config?.maxDeletedPercent,
    slice: (stage, slice) => ({ run, stage, slice }),
    withSource: (work) =>
      withOpened(() => openSource(shared, staged, sourceContext(identity, context), sessions), work),
  };
}

/** A slice's share of the report, from its manifest: the same after any number of attempts. */
export async function stageResult(store: StagingStore, slices: readonly SliceAddress[]): Promise<StageResult> {
  const entries: ManifestEntry[] = [];
  for (const slice of slices) entries.push(...(await store.manifest(slice)));
  return resultOf(entries);
}

/** The same, from entries that were read already. */
export function resultOf(entries: readonly ManifestEntry[]): StageResult {
  return { part: trimPart(partOf(entries), RESULT_FAILURES) };
}

/** All counts of the entries. */
export function partOf(entries: readonly ManifestEntry[]): PartReport {
  let part: PartReport = NO_PART;
  for (const { facts } of entries) if (isPart(facts)) part = mergeParts(part, facts);
  return part;
}

/** Facts are written by this program's stages; a slice without counts has none. */
function isPart(facts: unknown): facts is PartReport {
  return typeof facts === 'object' && facts !== null && 'steps' in facts;
}

export function sourceContext(identity: RunIdentity, { signal, recorder }: StageContext): SourceContext {
  return {
    runTag: runTag(`${identity.kind} ${identity.pipelineRunId}`),
    signal,
    onStatement: (milliseconds) => recorder.count('source', { statements: 1, sourceMs: Math.round(milliseconds) }),
    onWarning: (message) => recorder.warning('source', message),
  };
}

export function metadataOptions(staged: StagedRecipe, { source }: MetadataRecipe): MetadataOptions {
  const { includeTables, includeViews, includeStoredProcedures, includeDDL, includeTags, includeOwners } =
    source.sourceConfig.config;
  const { changedSince } = staged;
  return {
    includeTables,
    includeViews,
    includeStoredProcedures,
    includeDDL,
    includeTags,
    includeOwners,
    ...(changedSince === undefined ? {} : { changedSince }),
  };
}

async function openSource(
  { connections }: Shared,
  staged: StagedRecipe,
  context: SourceContext,
  granted: number | undefined
): Promise<MetadataSource> {
  const { type, config } = await connections.ofService(staged);
  const mostSessions = granted ?? staged.recipe.workflowConfig.config?.maxSessions;
  return findSource(type).openMetadata(config, { ...context, ...(mostSessions === undefined ? {} : { mostSessions }) });
}
