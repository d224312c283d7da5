import { mapLimited, type EntityKind, type PreparedRequest } from '../openmetadata/index.js';
import type { PartRecorder } from '../report/index.js';
import type { Catalog } from './catalog.js';

export interface BulkOptions {
  readonly catalog: Catalog;
  readonly recorder: PartRecorder;
  /** Requests per call: the sink's `bulk_sink_batch_size`. */
  readonly batchSize: number;
  /** Calls at once: the sink's `async_pipeline_workers`. */
  readonly workers: number;
  /** Called for each row that the catalog refused. */
  readonly onRefused?: (fqn: string) => void;
}

/**
 * Sends the requests in batches, several at once. They come from one staged chunk, whose size bounds the body of a
 * call. A refused row is a failure of its entity.
 * @param sentAgain asked for a refused row whether the caller sends it again: then it isn't reported, nor passed to
 * `onRefused`
 * @returns FQNs of the entities that the catalog took
 */
export async function putAll(
  options: BulkOptions,
  kind: EntityKind,
  requests: readonly PreparedRequest[],
  sentAgain: (fqn: string) => boolean = () => false
): Promise<Set<string>> {
  const { catalog, recorder, batchSize, workers } = options;
  const taken = new Set<string>();
  await mapLimited(inBatches(requests, batchSize), workers, async (batch) => {
    const outcomes = await catalog.put(kind, batch);
    let records = 0;
    for (const [index, { fqn }] of batch.entries()) {
      const outcome = outcomes[index];
      if (outcome?.ok === true) {
        taken.add(fqn);
        records += 1;
      } else if (!sentAgain(fqn)) {
        options.onRefused?.(fqn);
        recorder.failure('sink', fqn, outcome?.message ?? 'OpenMetadata gave no answer for this row.');
      }
    }
    recorder.count('sink', { records });
  });
  return taken;
}

function* inBatches<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
