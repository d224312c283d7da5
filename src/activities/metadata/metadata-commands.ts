import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  RestCatalog,
  STANDING,
  makeSelection,
  planChanges,
  standing,
  type PlannedChanges,
} from '../../metadata/index.js';
import { Connections, factOf, readEarlierFacts, stagedFrom } from '../../run-context/index.js';
import type { MetadataRecipe } from '../../recipe/index.js';
import { findSource, runTag } from '../../sources/index.js';
import { FolderStore } from '../../staging/index.js';
import type { CheckedFile, KindCommands, PlanOptions } from '../run/kind-commands.js';
import { planRecorder } from '../run/plan-recorder.js';
import { metadataWays } from './metadata-ways.js';
import { lookBack } from './incremental.js';
import { planText } from './metadata-plan-text.js';
import { metadataOptions } from './open-stage.js';

export const metadataCommands: KindCommands<MetadataRecipe> = {
  ways: metadataWays,
  check: async function* (checked, connections, context) {
    const { type, config } = await connections.ofService(stagedFrom(checked));
    const { serviceName, sourceConfig } = checked.recipe.source;
    const selection = makeSelection(serviceName, sourceConfig.config);
    yield* findSource(type).check(config, context, sourceConfig.config, selection);
  },
  plan: async (checked, options) => {
    const plan = await planMetadata(checked, options);
    return { data: plan, text: planText(plan), incomplete: plan.failures.count > 0 };
  },
};

/** Reads the recipe's source and compares it with OpenMetadata. */
async function planMetadata(checked: CheckedFile<MetadataRecipe>, options: PlanOptions): Promise<PlannedChanges> {
  const { limit = 20, signal = new AbortController().signal, onUnit, onWarning = () => undefined } = options;
  const { recipe } = checked;
  const { serviceName, type, sourceConfig } = recipe.source;
  const config = sourceConfig.config;
  const folder = await mkdtemp(join(tmpdir(), 'om-ingest-plan-'));
  const connections = new Connections({});
  try {
    const staged = stagedFrom(checked);
    const client = await connections.client(staged);
    const service = await client.services.find(serviceName, { signal });
    const now = Date.now();
    const identity = { workflowId: 'plan', pipelineRunId: 'plan', startedAt: now, anchor: now, kind: recipe.kind };
    const recorder = planRecorder(onWarning);
    const changedSince = await lookBack(recipe, identity, client, recorder, signal);
    const earlier = await readEarlierFacts(client, recipe.ingestionPipelineFQN, identity, signal);
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
        earlier: factOf(earlier, STANDING, standing),
        remembers: recipe.ingestionPipelineFQN !== undefined,
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
