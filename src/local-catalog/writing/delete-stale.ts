import { z } from 'zod';
import type { Actor } from '../actor.js';
import { ApiError, badRequest } from '../api-error.js';
import { flag, fqnText } from '../bodies/body-parts.js';
import { normaliseFqn } from '../fqn.js';
import type { JsonObject } from '../json-value.js';
import type { EntityKind } from '../kinds/entity-kind.js';
import type { EntityStore } from '../store/entity-store.js';
import type { BulkRow } from './bulk-result.js';
import { bulkResult } from './bulk-result.js';
import { deleteEntity, notEmpty } from './delete-entity.js';

/** Body of DELETE `/{tables,storedProcedures,databaseSchemas,databases}/deleteStale`. */
export const deleteStaleBody = z.strictObject({
  scopeFqn: fqnText,
  scopeEntityType: z.string(),
  seenFqns: z.array(z.string()).nullish(),
  recursive: flag,
  hardDelete: flag,
  dryRun: flag,
});

const SCOPE_TYPES: ReadonlyMap<string, string> = new Map([
  ['databaseSchema', 'databaseSchema'],
  ['database', 'database'],
  ['service', 'databaseService'],
  ['databaseService', 'databaseService'],
]);

const ROW_FAILED = 500;

/**
 * Deletes every live entity of a type below a scope that is not among `seenFqns`. Deletes nothing if nothing was seen:
 * that looks the same as a run that crashed before it looked. @throws ApiError 400 for an unknown type of scope
 */
export function deleteStale(
  store: EntityStore,
  kind: EntityKind,
  body: z.infer<typeof deleteStaleBody>,
  call: { readonly actor: Actor; readonly now: number }
): JsonObject {
  const scopeType = SCOPE_TYPES.get(body.scopeEntityType);
  if (scopeType === undefined) {
    throw badRequest(`scopeEntityType: ${body.scopeEntityType} is not one of ${[...SCOPE_TYPES.keys()].join(', ')}`);
  }
  const dryRun = body.dryRun ?? false;
  const recursive = body.recursive ?? true;
  const seen = new Set((body.seenFqns ?? []).flatMap(knownSpelling));
  const scope = store.stub(scopeType, normaliseFqn(body.scopeFqn));
  if ((body.seenFqns ?? []).length === 0 || scope === undefined) return bulkResult([], [], dryRun);

  const passed: BulkRow[] = [];
  const failed: BulkRow[] = [];
  store.sqlite.transaction(() => {
    for (const stub of store.stubsBelow(kind.type, scope.fqn)) {
      if (stub.deleted || seen.has(stub.fqn)) continue;
      if (!recursive && store.hasLiveBelow(kind.contains, stub.fqn)) {
        failed.push({ request: stub.fqn, status: ROW_FAILED, message: notEmpty(kind, stub.fqn).message });
        continue;
      }
      if (!dryRun) deleteEntity(store, kind, stub, { ...call, recursive, hardDelete: body.hardDelete ?? false });
      passed.push({ request: stub.fqn, status: 200 });
    }
  });
  return bulkResult(passed, failed, dryRun);
}

/** The stored spelling of a seen FQN; none for text that isn't an FQN, which can't be the name of anything. */
function knownSpelling(fqn: string): string[] {
  try {
    return [normaliseFqn(fqn)];
  } catch (error) {
    if (error instanceof ApiError) return [];
    throw error;
  }
}
