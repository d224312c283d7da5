import type { Actor } from '../actor.js';
import { entityNotFound } from '../api-error.js';
import { checkName, childFqn } from '../fqn.js';
import type { JsonObject } from '../json-value.js';
import { jsonEqual, textOf, withoutNulls } from '../json-value.js';
import type { EntityKind, Place } from '../kinds/entity-kind.js';
import { checkDocumentLabels } from '../rules/check-labels.js';
import { mergePut } from '../rules/merge-put.js';
import type { SecretVault } from '../secret-vault.js';
import { unmaskSecrets } from '../secret-vault.js';
import type { EntityRow } from '../store/entity-row.js';
import type { EntityStore } from '../store/entity-store.js';
import type { Lookup } from './lookup.js';

export interface PutOptions {
  readonly actor: Actor;
  readonly overrideMetadata: boolean;
  readonly now: number;
}

export interface PutOutcome {
  readonly outcome: 'created' | 'updated' | 'unchanged';
  /** With secrets in clear. */
  readonly row: EntityRow;
}

/** The place of a request's entity, known before anything is checked. */
export interface Target {
  readonly name: string;
  readonly fqn: string;
  readonly parent: { readonly type: string; readonly fqn: string } | undefined;
}

/** Creates and changes single entities under the server's rules. The caller opens the transaction. */
export class EntityWriter {
  constructor(
    readonly store: EntityStore,
    readonly vault: SecretVault
  ) {}

  /** @throws ApiError 400 for a name or FQN the server refuses, 404 for an unknown container given by id */
  target(kind: EntityKind, body: JsonObject, lookup: Lookup): Target {
    const name = kind.nameOf(body);
    checkName(name);
    const parent = kind.parentOf(body, lookup);
    const container = (kind.within?.(body) ?? []).reduce<string | undefined>(childFqn, parent?.fqn);
    return { name, fqn: childFqn(container, name), parent };
  }

  /** Whether the stored entity is live and came from a request with the same sourceHash. */
  hasSameHash(kind: EntityKind, body: JsonObject, target: Target): boolean {
    const hash = textOf(body['sourceHash']);
    if (hash === undefined) return false;
    const stub = this.store.stub(kind.type, target.fqn);
    return stub !== undefined && stub.sourceHash === hash && !stub.deleted;
  }

  /** `body` has passed the kind's model. @throws ApiError 400 or 404 for what the server refuses */
  put(kind: EntityKind, body: JsonObject, target: Target, lookup: Lookup, options: PutOptions): PutOutcome {
    const hash = textOf(body['sourceHash']);
    const place = placeOf(target, lookup);
    const fresh = kind.build(withoutNulls(body), place);
    const stored = this.store.find(kind.type, target.fqn, 'all');
    if (stored === undefined) return this.#create(kind, fresh, hash, target, place, options);
    const before = this.opened(kind, stored);
    const rules = { bot: options.actor.bot, overrideMetadata: options.overrideMetadata };
    const merged = mergePut(before.document, this.#unmasked(kind, fresh, before), rules, kind.keptKeys);
    const document = kind.merged?.(before.document, merged) ?? merged;
    if (!stored.deleted && jsonEqual(document, before.document) && (hash ?? stored.sourceHash) === stored.sourceHash) {
      return { outcome: 'unchanged', row: before };
    }
    const keptHash = jsonEqual(document, before.document) ? stored.sourceHash : undefined;
    const row = this.#write(kind, before, document, hash ?? keptHash, place, options);
    if (stored.deleted) this.store.markBelow(kind.contains, row.fqn, false, options.actor.name, options.now);
    return { outcome: 'updated', row };
  }

  /** Takes `body` as the complete new content of an entity: a PATCH. Returns the row, unchanged if nothing differs. */
  replace(kind: EntityKind, stored: EntityRow, body: JsonObject, lookup: Lookup, options: PutOptions): EntityRow {
    const before = this.opened(kind, stored);
    const parent = kind.parentOf(body, lookup);
    const place = { ...placeOf({ name: stored.name, fqn: stored.fqn, parent }, lookup), before: before.document };
    const document = this.#unmasked(kind, kind.build(withoutNulls(body), place), before);
    const hash = textOf(body['sourceHash']);
    if (jsonEqual(document, before.document) && hash === stored.sourceHash) return before;
    return this.#write(kind, before, document, hash, place, options);
  }

  /** The row with its secrets in clear. */
  opened(kind: EntityKind, row: EntityRow): EntityRow {
    return kind.holdsSecrets === true ? { ...row, document: this.vault.open(row.document) } : row;
  }

  #create(
    kind: EntityKind,
    fresh: JsonObject,
    sourceHash: string | undefined,
    target: Target,
    place: Place,
    options: PutOptions
  ): PutOutcome {
    const document = this.#unmasked(kind, fresh, undefined);
    checkDocumentLabels(document, undefined, place.lookup);
    const { name, fqn, parent } = target;
    const row = this.store.insert(
      {
        type: kind.type,
        fqn,
        parentFqn: parent?.fqn,
        name,
        updatedBy: options.actor.name,
        sourceHash,
        document: this.#sealed(kind, document),
      },
      options.now
    );
    place.lookup.forget(kind.type, fqn);
    kind.afterWrite?.(row, place);
    return { outcome: 'created', row: { ...row, document } };
  }

  #write(
    kind: EntityKind,
    before: EntityRow,
    document: JsonObject,
    sourceHash: string | undefined,
    place: Place,
    options: PutOptions
  ): EntityRow {
    checkDocumentLabels(document, before.document, place.lookup);
    const change = { document: this.#sealed(kind, document), sourceHash, updatedBy: options.actor.name };
    const row = this.store.update(before, change, options.now);
    place.lookup.forget(kind.type, before.fqn);
    kind.afterWrite?.(row, place);
    return { ...row, document };
  }

  #sealed(kind: EntityKind, document: JsonObject): JsonObject {
    return kind.holdsSecrets === true ? this.vault.seal(document) : document;
  }

  #unmasked(kind: EntityKind, fresh: JsonObject, before: EntityRow | undefined): JsonObject {
    return kind.holdsSecrets === true ? unmaskSecrets(fresh, before?.document) : fresh;
  }
}

function placeOf(target: Target, lookup: Lookup): Place {
  const { parent, fqn } = target;
  if (parent === undefined) return { fqn, parent: undefined, lookup };
  const row = lookup.live(parent.type, parent.fqn);
  if (row === undefined) throw entityNotFound(parent.type, parent.fqn);
  return { fqn, parent: row, lookup };
}
