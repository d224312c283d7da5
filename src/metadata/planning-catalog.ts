import { LRUCache } from 'lru-cache';
import {
  buildFqn,
  splitFqn,
  type EntityKind,
  type EntityReference,
  type PreparedRequest,
  type RowOutcome,
} from '../openmetadata/index.js';
import type { Catalog, ExistingEntity, StaleScope } from './catalog.js';
import { FirstOf, type KindChanges } from './planned-changes.js';

/** What planning needs from the real catalog; none of it writes. */
export type PlanReads = Pick<Catalog, 'existing' | 'hasTable' | 'count' | 'stale' | 'find' | 'findOwner'>;

/** Parents whose members' names are remembered, per kind: twice as many as one chunk of a unit can have. */
const REMEMBERED_PARENTS = 200;

/** What directly contains an entity; a database's is the service. */
const PARENT = {
  databases: undefined,
  databaseSchemas: 'databases',
  tables: 'databaseSchemas',
  storedProcedures: 'databaseSchemas',
} as const satisfies Readonly<Record<EntityKind, EntityKind | undefined>>;

type Changes = { readonly [K in keyof KindChanges]: FirstOf<string> };

/**
 * A catalog that answers like the real one and remembers what it was asked to write instead of writing it. The run's
 * own stages use it, so that a plan is what a run would do.
 */
export class PlanningCatalog implements Catalog {
  readonly changes: Readonly<Record<EntityKind, Changes>>;
  readonly #names = new LRUCache<string, ReadonlySet<string>>({ max: REMEMBERED_PARENTS });

  constructor(
    private readonly reads: PlanReads,
    private readonly options: { serviceExists: boolean; overrideMetadata: boolean; limit: number }
  ) {
    const { limit } = options;
    const none = (): Changes => ({
      created: new FirstOf(limit),
      updated: new FirstOf(limit),
      deleted: new FirstOf(limit),
    });
    this.changes = { databases: none(), databaseSchemas: none(), tables: none(), storedProcedures: none() };
  }

  async put(kind: EntityKind, requests: readonly PreparedRequest[]): Promise<readonly RowOutcome[]> {
    const rows: RowOutcome[] = [];
    for (const { fqn } of requests) {
      const parts = splitFqn(fqn);
      const names = await this.#namesIn(kind, buildFqn(...parts.slice(0, -1)));
      // what the catalog has unchanged wasn't sent
      this.changes[kind][names.has(parts.at(-1) ?? '') ? 'updated' : 'created'].add(fqn);
      rows.push({ fqn, ok: true });
    }
    return rows;
  }

  async *existing(kind: EntityKind, parentFqn: string): AsyncIterable<ExistingEntity> {
    const names = new Set<string>();
    const parent = PARENT[kind];
    if (parent === undefined ? this.options.serviceExists : await this.#has(parent, parentFqn)) {
      for await (const entity of this.reads.existing(kind, parentFqn)) {
        names.add(entity.name);
        yield entity;
      }
    }
    this.#names.set(keyOf(kind, parentFqn), names);
  }

  async hasTable(tableFqn: string): Promise<boolean> {
    return this.options.serviceExists && this.reads.hasTable(tableFqn);
  }

  /** Only called when a run adds the foreign keys that waited, which a plan doesn't. */
  async columns(): Promise<undefined> {
    return undefined;
  }

  async ensureTag(): Promise<void> {
    // a tag is created together with the entity that has it
  }

  findOwner(name: string): Promise<EntityReference | undefined> {
    return this.reads.findOwner(name);
  }

  async addConstraints(): Promise<boolean> {
    return true;
  }

  async count(scope: StaleScope): Promise<number> {
    return (await this.#hasScope(scope)) ? this.reads.count(scope) : 0;
  }

  async stale(scope: StaleScope, seen: readonly string[]): Promise<readonly string[]> {
    return (await this.#hasScope(scope)) ? this.reads.stale(scope, seen) : [];
  }

  async find(kind: EntityKind, fqn: string): Promise<ExistingEntity | undefined> {
    return this.options.serviceExists ? this.reads.find(kind, fqn) : undefined;
  }

  async markDeleted(kind: EntityKind, fqn: string): Promise<boolean> {
    if (!(await this.#has(kind, fqn))) return false;
    this.changes[kind].deleted.add(fqn);
    return true;
  }

  async #namesIn(kind: EntityKind, parentFqn: string): Promise<ReadonlySet<string>> {
    const known = this.#names.get(keyOf(kind, parentFqn));
    if (known !== undefined) return known;
    const names = new Set<string>();
    for await (const { name } of this.existing(kind, parentFqn)) names.add(name);
    return names;
  }

  async #has(kind: EntityKind, fqn: string): Promise<boolean> {
    return this.options.serviceExists && (await this.reads.find(kind, fqn)) !== undefined;
  }

  async #hasScope({ scopeType, scopeFqn }: StaleScope): Promise<boolean> {
    if (scopeType === 'service') return this.options.serviceExists;
    return this.#has(scopeType === 'database' ? 'databases' : 'databaseSchemas', scopeFqn);
  }
}

function keyOf(kind: EntityKind, parentFqn: string): string {
  return `${kind} ${parentFqn}`;
}
