import type { Actor } from '../actor.js';
import { badRequest } from '../api-error.js';
import type { EntityKind } from '../kinds/entity-kind.js';
import { dropRemovedUses, queriesUsing } from '../store/query-links.js';
import { recountServiceEdges, serviceEdgesOf } from '../store/service-edges.js';
import type { EntityStore, EntityStub } from '../store/entity-store.js';

export interface DeleteOptions {
  /** True: removed for good; false: marked deleted. */
  readonly hardDelete: boolean;
  /** False: refuses an entity that still contains live ones. */
  readonly recursive: boolean;
  readonly actor: Actor;
  readonly now: number;
}

/** Deletes one entity and what it contains. The caller opens the transaction. @throws ApiError 400 */
export function deleteEntity(store: EntityStore, kind: EntityKind, stub: EntityStub, options: DeleteOptions): void {
  if (!options.recursive && store.hasLiveBelow(kind.contains, stub.fqn)) throw notEmpty(kind, stub.fqn);
  if (options.hardDelete || !kind.softDelete) {
    const touched = serviceEdgesOf(store.sqlite, stub.fqn, stub.id, kind.contains);
    const queries = queriesUsing(store.sqlite, stub.fqn, stub.id, kind.contains);
    store.remove(stub, kind.contains);
    recountServiceEdges(store.sqlite, touched);
    dropRemovedUses(store.sqlite, queries);
    return;
  }
  store.mark(stub.id, true, options.actor.name, options.now);
  store.markBelow(kind.contains, stub.fqn, true, options.actor.name, options.now);
}

export function notEmpty(kind: EntityKind, fqn: string): Error {
  return badRequest(`${kind.type} ${fqn} is not empty`);
}
