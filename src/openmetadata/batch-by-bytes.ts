export interface BatchLimits {
  /** Default 100, what the server is used to. */
  readonly maxCount?: number;
  /** Bytes of JSON; a single larger request makes a batch of its own. Default 2 MiB. */
  readonly maxBytes?: number;
}

/** Cuts requests into batches in their order, so that neither count nor size of a bulk body gets out of hand. */
export function* batchByBytes<T>(
  requests: Iterable<T>,
  { maxCount = 100, maxBytes = 2 * 1024 * 1024 }: BatchLimits = {}
): Generator<T[], void, undefined> {
  let batch: T[] = [];
  let bytes = 0;
  for (const request of requests) {
    const size = Buffer.byteLength(JSON.stringify(request)) + 1;
    if (batch.length > 0 && (batch.length >= maxCount || bytes + size > maxBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(request);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
