import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import {
  buildFqn,
  nameFault,
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
    for (const request of requests) {
      const { fqn } = request;
      const parts = splitFqn(fqn);
      const fault = refusalOf(request);
      if (fault !== undefined) {
        rows.push({ fqn, ok: false, message: fault });
        continue;
      }
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

/** Columns are read only where a name may be refused: texts may hold line ends. */
function refusalOf({ fqn, json }: PreparedRequest): string | undefined {
  const fault = nameFault(splitFqn(fqn).at(-1) ?? '');
  if (fault !== undefined || !LINE_ENDS.some((sign) => json.includes(sign))) return fault;
  const { columns } = withColumns.parse(JSON.parse(json.toString('utf8')));
  return columnFault(columns);
}

const LINE_ENDS = ['\u0085', '\u2028', '\u2029'].map((sign) => Buffer.from(sign));

interface Named {
  readonly name: string;
  readonly children?: readonly Named[] | undefined;
}
const named: z.ZodType<Named> = z.object({ name: z.string(), children: z.lazy(() => z.array(named)).optional() });
const withColumns = z.object({ columns: z.array(named).default([]) });

function columnFault(columns: readonly Named[]): string | undefined {
  for (const { name, children = [] } of columns) {
    const fault = nameFault(name, 'column') ?? columnFault(children);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function keyOf(kind: EntityKind, parentFqn: string): string {
  return `${kind} ${parentFqn}`;
}
