import type { OpenMetadataClient } from '../../openmetadata/index.js';
import type { MetadataRecipe } from '../../recipe/index.js';
import type { PartRecorder } from '../../report/index.js';
import type { RunIdentity } from '../../contract/run-plan.js';
import { countWords } from '../../contract/count-words.js';
import { findSource } from '../../sources/index.js';

const DAY_MS = 24 * 3_600_000;

/**
 * Where an incremental run begins: the start of the last successful run within lookbackDays, less safetyMarginDays. A
 * source that always reads everything has full runs: what its listing lacks is gone.
 * @returns epoch milliseconds, or undefined for a full run
 */
export async function lookBack(
  { source, ingestionPipelineFQN }: MetadataRecipe,
  { anchor }: RunIdentity,
  client: OpenMetadataClient,
  recorder: PartRecorder,
  signal: AbortSignal
): Promise<number | undefined> {
  const { incremental } = source.sourceConfig.config;
  if (incremental?.enabled !== true || ingestionPipelineFQN === undefined) return undefined;
  if (!findSource(source.type).supports.includes('incremental')) return undefined;
  const window = { startTs: anchor - incremental.lookbackDays * DAY_MS, endTs: anchor };
  const statuses = await client.pipelines.listStatuses(ingestionPipelineFQN, window, { signal });
  const starts = statuses.filter((status) => status.pipelineState === 'success').map((status) => status.startDate ?? 0);
  const last = Math.max(0, ...starts);
  if (last > 0) return last - incremental.safetyMarginDays * DAY_MS;
  recorder.note(
    `No successful run in the last ${countWords(incremental.lookbackDays, 'day', 'days')}: everything is read.`
  );
  return undefined;
}
