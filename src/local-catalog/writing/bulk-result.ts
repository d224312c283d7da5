import type { JsonObject } from '../json-value.js';

export interface BulkRow extends JsonObject {
  /** FQN of the entity. */
  readonly request: string;
  /** HTTP status of this row. */
  readonly status: number;
  readonly message?: string;
}

/** The answer to a bulk PUT and to deleteStale. */
export function bulkResult(passed: readonly BulkRow[], failed: readonly BulkRow[], dryRun = false): JsonObject {
  return {
    dryRun,
    status: statusOf(passed.length, failed.length),
    numberOfRowsProcessed: passed.length + failed.length,
    numberOfRowsPassed: passed.length,
    numberOfRowsFailed: failed.length,
    successRequest: passed,
    failedRequest: failed,
  };
}

function statusOf(passed: number, failed: number): string {
  if (failed === 0) return 'success';
  return passed === 0 ? 'failure' : 'partialSuccess';
}
