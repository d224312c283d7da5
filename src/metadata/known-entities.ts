import { restoreName, type EntityKind } from '../openmetadata/index.js';
import { compareNames, type NameRange } from '../sources/index.js';
import type { Catalog, ExistingEntity } from './catalog.js';

export interface KnownEntitiesInput {
  readonly catalog: Catalog;
  /** True: everything is sent, so that users' edits are overwritten; the catalog isn't asked what it has. */
  readonly overrideMetadata: boolean;
}

/** Entities remembered at once, about 200 bytes each; a parent's entities are always remembered together. */
const REMEMBERED = 20_000;

/** What the catalog had of a kind below one parent when it was asked, and which of that the source hasn't shown yet. */
export class Members {
  readonly #entities: ReadonlyMap<string, ExistingEntity>;
  readonly #unseen: Set<string>;

  /** @param isKnown false when the catalog was not asked */
  constructor(
    entities: readonly ExistingEntity[],
    private readonly isKnown = true
  ) {
    this.#entities = new Map(entities.map((entity) => [entity.name, entity]));
    this.#unseen = new Set(this.#entities.keys());
  }

  get size(): number {
    return this.#entities.size;
  }

  /** Notes that the source has the entity of this name (as the catalog stores it). */
  see(name: string): void {
    this.#unseen.delete(name);
  }

  /**
   * True when the source has shown everything that was there in the range of source names; false if that isn't known.
   */
  allSeen({ after, until }: NameRange = {}): boolean {
    if (!this.isKnown) return false;
    for (const stored of this.#unseen) {
      const name = restoreName(stored);
      if (after !== undefined && compareNames(name, after) <= 0) continue;
      if (until === undefined || compareNames(name, until) <= 0) return false;
    }
    return true;
  }

  /** True when there is nothing to send, because the entity exists with exactly this hash. */
  isUnchanged(name: string, sourceHash: string | undefined): boolean {
    const existing = this.#entities.get(name);
    return existing !== undefined && existing.sourceHash === sourceHash;
  }
}

const UNKNOWN = new Members([], false);

/** What the catalog already holds below the parents that are being published; each is asked for once. */
export class KnownEntities {
  readonly #members = new Map<string, Members>();
  /** Requests that are under way. */
  readonly #asking = new Map<string, Promise<Members>>();
  #remembered = 0;

  constructor(private readonly input: KnownEntitiesInput) {}

  async members(kind: EntityKind, parentFqn: string): Promise<Members> {
    return this.below(kind, parentFqn) ?? (await this.#ask(kind, parentFqn));
  }

  /** Starts asking about a parent that will be needed; a fault is thrown when it is needed. */
  lookAhead(kind: EntityKind, parentFqn: string): void {
    if (this.below(kind, parentFqn) === undefined) this.#ask(kind, parentFqn).catch(() => undefined);
  }

  /** The same without waiting: undefined when the parent has to be asked for. */
  below(kind: EntityKind, parentFqn: string): Members | undefined {
    return this.input.overrideMetadata ? UNKNOWN : this.#members.get(keyOf(kind, parentFqn));
  }

  #ask(kind: EntityKind, parentFqn: string): Promise<Members> {
    const key = keyOf(kind, parentFqn);
    const asking = this.#asking.get(key) ?? this.#list(kind, parentFqn).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }

  async #list(kind: EntityKind, parentFqn: string): Promise<Members> {
    const entities: ExistingEntity[] = [];
    for await (const entity of this.input.catalog.existing(kind, parentFqn)) entities.push(entity);
    this.#forget(REMEMBERED - entities.length);
    const members = new Members(entities);
    this.#members.set(keyOf(kind, parentFqn), members);
    this.#remembered += members.size;
    return members;
  }

  /**
   * Forgets the parents that were asked for first until no more than `most` entities are left: sorted input is done
   * with them.
   */
  #forget(most: number): void {
    for (const [key, members] of this.#members) {
      if (this.#remembered <= most) return;
      this.#members.delete(key);
      this.#remembered -= members.size;
    }
  }
}

function keyOf(kind: EntityKind, parentFqn: string): string {
  return `${kind} ${parentFqn}`;
}
