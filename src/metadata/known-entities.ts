import type { EntityKind } from '../openmetadata/index.js';
import type { Catalog, ExistingEntity } from './catalog.js';

/** What the catalog already holds, of one parent a kind at a time: sorted input asks for each parent once. */
export class KnownEntities {
  readonly #byKind = new Map<EntityKind, { readonly parent: string; readonly entities: Map<string, ExistingEntity> }>();

  constructor(private readonly catalog: Catalog) {}

  /** True when the catalog has the entity with this very hash. */
  async isUnchanged(
    kind: EntityKind,
    parentFqn: string,
    { name, sourceHash }: { readonly name: string; readonly sourceHash?: string }
  ): Promise<boolean> {
    const existing = (await this.#below(kind, parentFqn)).get(name);
    return existing !== undefined && existing.sourceHash === sourceHash;
  }

  async #below(kind: EntityKind, parentFqn: string): Promise<ReadonlyMap<string, ExistingEntity>> {
    const known = this.#byKind.get(kind);
    if (known?.parent === parentFqn) return known.entities;
    const entities = new Map<string, ExistingEntity>();
    this.#byKind.set(kind, { parent: parentFqn, entities });
    for await (const entity of this.catalog.existing(kind, parentFqn)) entities.set(entity.name, entity);
    return entities;
  }
}
