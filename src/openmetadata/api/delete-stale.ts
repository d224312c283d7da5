import type { EntityKind } from '../entities/index.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { plainRows, type RowOutcome } from './bulk-rows.js';
import type { EntityScope } from './entity-scope.js';

export interface DeleteStaleRequest extends EntityScope {
  /**
   * FQNs that stay; those of other scopes do no harm. An empty list deletes nothing: to the server it looks like a
   * crashed run.
   */
  readonly seenFqns: readonly string[];
  /** Also what a stale container contains; otherwise a container with live children is a failed row. Default true. */
  readonly recursive?: boolean;
  /** Only answers what would be deleted. Default false. */
  readonly dryRun?: boolean;
  /** Default false: entities are marked deleted and come back with the next PUT. */
  readonly hardDelete?: boolean;
}

/**
 * Marks every unseen live entity of the collection below the scope deleted, and returns a row for each. If a call is
 * repeated after a lost answer, its rows name only what was still left: use `dryRun` first if the list matters.
 * @returns undefined when the server has no such call: list the scope and delete one by one then
 */
export async function deleteStale(
  transport: Transport,
  kind: EntityKind,
  request: DeleteStaleRequest,
  { signal }: CallOptions = {}
): Promise<readonly RowOutcome[] | undefined> {
  const { scopeFqn, scopeType, seenFqns, recursive = true, dryRun = false, hardDelete = false } = request;
  const body = { scopeFqn, scopeEntityType: scopeType, seenFqns, recursive, dryRun, hardDelete };
  const path = `/${kind}/deleteStale`;
  const answer = await transport.request('DELETE', path, { body, signal, accept: [404, 405] });
  return answer.status >= 400 ? undefined : plainRows(answer.body, `DELETE /v1${path}`);
}
