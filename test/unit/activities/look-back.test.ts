import { expect } from 'chai';
import { lookBack } from '../../../src/activities/metadata/incremental.js';
import type { OpenMetadataClient } from '../../../src/openmetadata/index.js';
import type { MetadataRecipe } from '../../../src/recipe/index.js';
import { PartRecorder } from '../../../src/report/index.js';

const DAY_MS = 24 * 3_600_000;
const NOW = Date.UTC(2026, 10, 28);

describe('The beginning of an incremental run', () => {
  /** A successful run a day ago. */
  async function beginning(type: string): Promise<number | undefined> {
    const recipe = {
      kind: 'metadata',
      source: {
        type,
        sourceConfig: { config: { incremental: { enabled: true, lookbackDays: 7, safetyMarginDays: 1 } } },
      },
      ingestionPipelineFQN: 'shop.metadata',
    } as unknown as MetadataRecipe;
    const client = {
      pipelines: { listStatuses: () => Promise.resolve([{ pipelineState: 'success', startDate: NOW - DAY_MS }]) },
    } as unknown as OpenMetadataClient;
    const identity = { workflowId: 'w', pipelineRunId: 'p', startedAt: NOW, anchor: NOW, kind: 'metadata' } as const;
    return lookBack(recipe, identity, client, new PartRecorder(), new AbortController().signal);
  }

  it('is that of the last successful run, less the margin, where the source can tell what changed', async () => {
    expect(await beginning('snowflake')).to.equal(NOW - 2 * DAY_MS);
  });

  it('is none where the source lists everything: what is not listed is gone', async () => {
    for (const type of ['mysql', 'postgres', 'sqlite']) expect(await beginning(type), type).to.equal(undefined);
  });
});
