import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connections, lookBack, metadataOptions } from '../activities/index.js';
import { RecipeError } from '../errors/index.js';
import { RestCatalog, makeSelection, planChanges, type PlannedChanges } from '../metadata/index.js';
import type { CheckedRecipe } from '../recipe/index.js';
import { PartRecorder } from '../report/index.js';
import { findSource, runTag } from '../sources/index.js';
import { FolderStore } from '../staging/index.js';

export interface PlanOptions {
  /** Names kept of each list; everything is counted. Default: 20. */
  limit?: number;
  /** Ends it early. */
  signal?: AbortSignal;
  onUnit?: (done: number, units: number) => void;
  onWarning?: (message: string) => void;
}

/**
 * Reads the recipe's source and compares with OpenMetadata, from this process: what a run now would change. Writes nothing to OpenMetadata
 * and starts nothing.
 *
 * @throws RecipeError for a recipe of another kind; AuthenticationError, PermanentError, TransientError of either end
 */
export async function planRecipe(
  checked: CheckedRecipe & { readonly file: string },
  options: PlanOptions = {}
): Promise<PlannedChanges> {
  const { recipe, file, sha256 } = checked;
  if (recipe.kind !== 'metadata') throw notMetadata(recipe.kind, file);
  const { limit = 20, signal = new AbortController().signal, onUnit, onWarning = () => undefined } = options;
  const { serviceName, type, sourceConfig } = recipe.source;
  const config = sourceConfig.config;
  const folder = await mkdtemp(join(tmpdir(), 'om-ingest-plan-'));
  const connections = new Connections({});
  try {
    const staged = { recipe, file: { file, sha256 } };
    const client = await connections.client(staged);
    const service = await client.services.find(serviceName, { signal });
    const now = Date.now();
    const identity = { workflowId: 'plan', pipelineRunId: 'plan', startedAt: now, anchor: now, kind: recipe.kind };
    const recorder = new PartRecorder((_level, text) => onWarning(text));
    const changedSince = await lookBack(recipe, identity, client, recorder, signal);
    const source = await findSource(type).openMetadata((await connections.ofService(staged)).config, {
      runTag: runTag('plan'),
      signal,
      onStatement: () => undefined,
      onWarning,
    });
    try {
      return await planChanges({
        service: serviceName,
        serviceExists: service !== undefined,
        source,
        selection: makeSelection(serviceName, config),
        options: metadataOptions({ ...staged, ...(changedSince === undefined ? {} : { changedSince }) }, recipe),
        catalog: new RestCatalog({ client, overrideMetadata: config.overrideMetadata, signal }),
        overrideMetadata: config.overrideMetadata,
        deleteFlags: config,
        maxDeletedPercent: recipe.workflowConfig.config?.maxDeletedPercent,
        store: await FolderStore.open(folder),
        limit,
        ...(onUnit === undefined ? {} : { onUnit }),
      });
    } finally {
      await source.close();
    }
  } finally {
    await connections.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function notMetadata(kind: string, file: string): RecipeError {
  const message = `is that of a ${kind} recipe. A plan is made of metadata recipes: what a ${kind} run would add is known only when it has read its log.`;
  return new RecipeError([{ path: 'source.sourceConfig.config.type', message }], file);
}
