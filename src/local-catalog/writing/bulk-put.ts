import { ApiError, badRequest } from '../api-error.js';
import type { JsonObject } from '../json-value.js';
import type { EntityKind } from '../kinds/entity-kind.js';
import type { BulkRow } from './bulk-result.js';
import { bulkResult } from './bulk-result.js';
import type { EntityWriter, PutOptions, Target } from './entity-writer.js';
import { Lookup } from './lookup.js';

/** Every failed row of a bulk PUT has this status, whatever the request would have got by itself. */
const FAILED_ROW = 400;

/**
 * PUTs every body in turn, in one transaction; a row that the server refuses leaves the others alone. An unchanged
 * entity is skipped by its sourceHash unless its FQN is in the batch twice: then the later row must win.
 */
export function bulkPut(
  writer: EntityWriter,
  kind: EntityKind,
  bodies: readonly JsonObject[],
  options: PutOptions
): JsonObject {
  const lookup = new Lookup(writer.store);
  const passed: BulkRow[] = [];
  const failed: BulkRow[] = [];
  writer.store.sqlite.transaction(() => {
    const targets = bodies.map((body) => attempt(() => writer.target(kind, body, lookup)));
    const counts = countFqns(targets);
    bodies.forEach((body, index) => {
      const target = targets[index];
      const row = attempt(() => {
        if (target === undefined) throw badRequest('The row is missing');
        if (target instanceof ApiError) throw target;
        const maySkip = !options.overrideMetadata && counts.get(target.fqn) === 1;
        if (maySkip && writer.hasSameHash(kind, body, target)) return 'skipped';
        return writer.put(kind, body, target, lookup, options).outcome;
      });
      const request = target === undefined || target instanceof ApiError ? wouldBeFqn(kind, body, lookup) : target.fqn;
      if (row instanceof ApiError) failed.push({ request, status: FAILED_ROW, message: row.message });
      else passed.push({ request, status: 200, message: row });
    });
  });
  return bulkResult(passed, failed);
}

function countFqns(targets: readonly (Target | ApiError)[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const target of targets) {
    if (!(target instanceof ApiError)) counts.set(target.fqn, (counts.get(target.fqn) ?? 0) + 1);
  }
  return counts;
}

/** What the FQN would be if the server accepted the name. */
function wouldBeFqn(kind: EntityKind, body: JsonObject, lookup: Lookup): string {
  const parent = attempt(() => kind.parentOf(body, lookup));
  const name = kind.nameOf(body);
  return parent === undefined || parent instanceof ApiError ? name : `${parent.fqn}.${name}`;
}

/** A refusal as a value; anything else that goes wrong ends the whole call. */
function attempt<T>(work: () => T): T | ApiError {
  try {
    return work();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}
