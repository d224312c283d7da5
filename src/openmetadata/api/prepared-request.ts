import type { BulkKind, BulkRequests } from '../entities/index.js';
import { withoutNulls } from '../http/json-text.js';
import { requestFqn } from './bulk-rows.js';

/**
 * A create request as the bytes that are sent, so that one that was serialized before isn't parsed just to be
 * serialized again.
 */
export interface PreparedRequest {
  /** FQN of the entity that it makes. */
  readonly fqn: string;
  /** The request's JSON, without nulls. */
  readonly json: Buffer;
}

export function prepareRequest(request: BulkRequests[BulkKind]): PreparedRequest {
  return { fqn: requestFqn(request), json: Buffer.from(withoutNulls(request)) };
}
