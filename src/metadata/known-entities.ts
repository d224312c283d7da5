import type { EntityKind } from '../openmetadata/index.js';
import type { PartRecorder } from '../report/index.js';
import type { Catalog, ExistingEntity } from './catalog.js';

export interface KnownEntitiesInput {
  readonly catalog: Catalog;
  readonly recorder: PartRecorder;
  /** True: everything is sent, so that what users typed is overwritten. */
  readonly overrideMetadata: boolean;
}

/** Entities remembered at once, some 200 bytes each; those of one parent are always remembered whole. */
const REMEMBERED = 20_000;

interface Members {
  readonly entities: ReadonlyMap<string, ExistingEntity>;
  /** Names that the source has not shown so far. */
  readonly unseen: Set<string>;
}

/** What the catalog already holds below the parents that are being published; each is asked for once. */
export class KnownEntities {
  readonly #members = new Map<string, Members>();
  #remembered = 0;

  constructor(private readonly input: KnownEntitiesInput) {}

  /** True when there is nothing to send, since the catalog has the entity with this very hash; it is counted as unchanged then. */
  async isUnchanged(
    kind: EntityKind,
    parentFqn: string,
    { name, sourceHash }: { readonly name: string; readonly sourceHash?: string }
  ): Promise<boolean> {
    if (this.input.overrideMetadata) return false;
    const existing = (await this.#below(kind, parentFqn)).entities.get(name);
    if (existing === undefined || existing.sourceHash !== sourceHash) return false;
    this.input.recorder.count('sink', { unchanged: 1 });
    return true;
  }

  /** The source has the entity of this name (as the catalog stores it). */
  async see(kind: EntityKind, parentFqn: string, name: string): Promise<void> {
    if (!this.input.overrideMetadata) (await this.#below(kind, parentFqn)).unseen.delete(name);
  }

  /**
   * True when the source has shown everything that the catalog held below the parent. False as well when that is not known: nothing was
   * asked for, or an earlier attempt saw the first of it.
   */
  async hasSeenAll(kind: EntityKind, parentFqn: string): Promise<boolean> {
    return !this.input.overrideMetadata && (await this.#below(kind, parentFqn)).unseen.size === 0;
  }

  async #below(kind: EntityKind, parentFqn: string): Promise<Members> {
    const key = `${kind} ${parentFqn}`;
    const known = this.#members.get(key);
    if (known !== undefined) return known;
    const entities = new Map<string, ExistingEntity>();
    for await (const entity of this.input.catalog.existing(kind, parentFqn)) entities.set(entity.name, entity);
    this.#forget(REMEMBERED - entities.size);
    const members = { entities, unseen: new Set(entities.keys()) };
    this.#members.set(key, members);
    this.#remembered += entities.size;
    return members;
  }

  /** Lets go of the parents that were asked for first until no more than `most` entities are left: sorted input is done with them. */
  #forget(most: number): void {
    for (const [key, { entities }] of this.#members) {
      if (this.#remembered <= most) return;
      this.#members.delete(key);
      this.#remembered -= entities.size;
    }
  }
}
