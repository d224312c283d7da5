import { batchByBytes, mapLimited, type CreateRequests, type EntityKind } from '../openmetadata/index.js';
import type { PartRecorder } from '../report/index.js';
import type { Catalog } from './catalog.js';

/** Largest body of one bulk PUT, in bytes of JSON, whatever the batch size says: servers and proxies limit bodies. */
const BATCH_BYTES = 4 * 1024 * 1024;

export interface BulkOptions {
  readonly catalog: Catalog;
  readonly recorder: PartRecorder;
  /** Requests a call: the sink's `bulk_sink_batch_size`. */
  readonly batchSize: number;
  /** Calls at once: the sink's `async_pipeline_workers`. */
  readonly workers: number;
}

export interface BulkItem<K extends EntityKind> {
  readonly fqn: string;
  readonly request: CreateRequests[K];
}

/**
 * Sends the items in batches, some at once. A refused row is a failure of its entity.
 * @returns FQNs of the items that the catalog took
 */
export async function putAll<K extends EntityKind>(
  options: BulkOptions,
  kind: K,
  items: readonly BulkItem<K>[]
): Promise<Set<string>> {
  const { catalog, recorder, batchSize, workers } = options;
  const taken = new Set<string>();
  const fqns = new Map(items.map((item) => [item.request, item.fqn]));
  const batches = batchByBytes(
    items.map((item) => item.request),
    { maxCount: batchSize, maxBytes: BATCH_BYTES }
  );
  await mapLimited([...batches], workers, async (batch) => {
    const outcomes = await catalog.put(kind, batch);
    for (const [index, request] of batch.entries()) {
      const fqn = fqns.get(request) ?? '';
      const outcome = outcomes[index];
      if (outcome?.ok === true) {
        taken.add(fqn);
        recorder.count('sink', { records: 1 });
      } else {
        recorder.failure('sink', fqn, outcome?.message ?? 'OpenMetadata gave no answer for this row.');
      }
    }
  });
  return taken;
}
