import { applyPatch, type Operation } from 'rfc6902';
import { beginning } from '../../errors/index.js';
import { isTooDeep, TOO_DEEP } from '../../openmetadata/index.js';
import type { Actor } from '../actor.js';
import { ApiError, badRequest } from '../api-error.js';
import { parseBody } from '../bodies/parse-body.js';
import type { JsonObject } from '../json-value.js';
import { isJsonObject, objectOf, omit, pick, textOf } from '../json-value.js';
import type { EntityKind } from '../kinds/entity-kind.js';
import { laterLifeCycle } from '../rules/merge-put.js';
import type { EntityRow } from '../store/entity-row.js';
import { MANAGED_KEYS, viewEntity } from '../view-entity.js';
import { CopyAllowance, placeFault } from './patch-limits.js';
import type { EntityWriter } from './entity-writer.js';
import { Lookup } from './lookup.js';
import type { PatchOperations } from './patch-body.js';

/** Characters of a path or a fault that an answer repeats. */
const LONGEST_SHOWN = 200;

/** Applies operations to a copy of `document`. @throws ApiError 400 naming the operation that doesn't fit */
export function patched(document: JsonObject, operations: PatchOperations): JsonObject {
  const copy: unknown = structuredClone(document);
  const allowance = new CopyAllowance();
  for (const [number, operation] of operations.entries()) {
    const fault = placeFault(copy, operation) ?? allowance.fault(copy, operation) ?? applied(copy, operation);
    if (fault !== undefined) {
      const { op, path } = operation;
      throw badRequest(`JSON patch operation ${number} (${op} ${shown(path)}) cannot be applied: ${shown(fault)}`);
    }
  }
  if (isTooDeep(copy)) throw badRequest(TOO_DEEP);
  if (!isJsonObject(copy)) throw badRequest('The JSON patch leaves no object');
  return copy;
}

function shown(text: string): string {
  return beginning(text, LONGEST_SHOWN);
}

function applied(copy: unknown, operation: PatchOperations[number]): string | undefined {
  return applyPatch(copy, [toOperation(operation)])[0]?.message;
}

function toOperation({ op, path, from, value }: PatchOperations[number]): Operation {
  if (op === 'remove') return { op, path };
  if (op === 'add' || op === 'replace' || op === 'test') {
    if (value === undefined) throw badRequest(`JSON patch operation ${op} ${shown(path)} lacks "value"`);
    return { op, path, value };
  }
  if (from === undefined) throw badRequest(`JSON patch operation ${op} ${shown(path)} lacks "from"`);
  return { op, path, from };
}

/**
 * PATCHes one entity. The operations see it as GET with `fields=*` shows it to this caller. Id, name, FQN, containers
 * and whatever else the server manages stay as they were, whatever the operations did to them. The result must be valid
 * as a create request. The caller opens the transaction. @throws ApiError 400, 404, 412
 */
export function patchEntity(
  writer: EntityWriter,
  kind: EntityKind,
  stored: EntityRow,
  operations: PatchOperations,
  call: { readonly actor: Actor; readonly now: number; readonly ifMatch?: string | undefined }
): EntityRow {
  checkMatch(stored, call.ifMatch);
  const opened = writer.opened(kind, stored);
  const after = patched(viewEntity(kind, opened, 'all', call.actor), operations);
  const document = {
    ...omit(after, [...MANAGED_KEYS, ...kind.containerKeys]),
    ...pick(stored.document, kind.containerKeys),
  };
  const body = kind.toBody({ ...stored, document, sourceHash: textOf(after['sourceHash']) });
  const checked = parseBody(kind.patchModel, body);
  const options = { actor: call.actor, now: call.now, overrideMetadata: true };
  return writer.replace(kind, stored, withLaterLifeCycle(stored, checked), new Lookup(writer.store), options);
}

/** Like a PUT, a PATCH never turns a life cycle back. */
function withLaterLifeCycle(stored: EntityRow, body: JsonObject): JsonObject {
  const before = objectOf(stored.document['lifeCycle']);
  if (before === undefined) return body;
  return { ...body, lifeCycle: laterLifeCycle(before, objectOf(body['lifeCycle']) ?? {}) };
}

function checkMatch(stored: EntityRow, ifMatch: string | undefined): void {
  if (ifMatch === undefined || ifMatch === '*') return;
  const wanted = ifMatch.split(',').map((tag) => tag.trim());
  if (wanted.includes(entityTag(stored.version))) return;
  throw new ApiError(412, `Version ${ifMatch} was asked for, ${stored.fqn} is at ${entityTag(stored.version)}`);
}

/** The ETag of a version. */
export function entityTag(version: number): string {
  return `W/"${version}"`;
}
