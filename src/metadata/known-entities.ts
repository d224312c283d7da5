import type { EntityKind } from '../openmetadata/index.js';
import type { PartRecorder } from '../report/index.js';
import type { Catalog, ExistingEntity } from './catalog.js';

export interface KnownEntitiesInput {
  readonly catalog: Catalog;
  readonly recorder: PartRecorder;
  /** True: everything is sent, so that what users typed is overwritten. */
  readonly overrideMetadata: boolean;
}

/** What the catalog already holds, of one parent a kind at a time: sorted input asks for each parent once. */
export class KnownEntities {
  readonly #byKind = new Map<EntityKind, { readonly parent: string; readonly entities: Map<string, ExistingEntity> }>();

  constructor(private readonly input: KnownEntitiesInput) {}

  /** True when there is nothing to send, since the catalog has the entity with this very hash; it is counted as unchanged then. */
  async isUnchanged(
    kind: EntityKind,
    parentFqn: string,
    { name, sourceHash }: { readonly name: string; readonly sourceHash?: string }
  ): Promise<boolean> {
    if (this.input.overrideMetadata) return false;
    const existing = (await this.#below(kind, parentFqn)).get(name);
    if (existing === undefined || existing.sourceHash !== sourceHash) return false;
    this.input.recorder.count('sink', { unchanged: 1 });
    return true;
  }

  async #below(kind: EntityKind, parentFqn: string): Promise<ReadonlyMap<string, ExistingEntity>> {
    const known = this.#byKind.get(kind);
    if (known?.parent === parentFqn) return known.entities;
    const entities = new Map<string, ExistingEntity>();
    this.#byKind.set(kind, { parent: parentFqn, entities });
    for await (const entity of this.input.catalog.existing(kind, parentFqn)) entities.set(entity.name, entity);
    return entities;
  }
}
