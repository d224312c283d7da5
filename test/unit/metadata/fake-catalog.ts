import { PermanentError } from '../../../src/errors/index.js';
import type { Catalog, ExistingEntity, StaleScope } from '../../../src/metadata/index.js';
import {
  quoteName,
  type CreateTableRequest,
  type EntityKind,
  type EntityReference,
  type PreparedRequest,
  type RowOutcome,
  type TableConstraint,
} from '../../../src/openmetadata/index.js';
import type { SourceTag } from '../../../src/sources/index.js';

interface Stored {
  readonly kind: EntityKind;
  readonly name: string;
  sourceHash?: string;
  constraints: TableConstraint[];
  columns?: readonly string[];
  deleted: boolean;
}

/** A catalog in memory. It remembers what it was asked, and refuses or breaks where a test says so. */
export class FakeCatalog implements Catalog {
  readonly entities = new Map<string, Stored>();
  /** FQNs of each bulk PUT. */
  readonly puts: string[][] = [];
  /** The requests themselves. */
  readonly bodies: CreateTableRequest[] = [];
  readonly tags: SourceTag[] = [];
  /** FQN → message of rows that are refused. */
  readonly refused = new Map<string, string>();
  /** FQNs of referred columns: a key to one of them is refused, and what comes with it. */
  readonly refusedKeys = new Set<string>();
  /** Thrown by the PUT that comes after so many. */
  breakAfter?: { puts: number; error: Error; afterStoring?: boolean };
  lookups = 0;
  /** Kind and parent of each list that was asked for. */
  readonly lists: string[] = [];

  async put(kind: EntityKind, requests: readonly PreparedRequest[]): Promise<readonly RowOutcome[]> {
    const broken = this.breakAfter?.puts === this.puts.length ? this.breakAfter : undefined;
    if (broken !== undefined && broken.afterStoring !== true) this.#throw(broken.error);
    this.puts.push(requests.map(({ fqn }) => fqn));
    this.bodies.push(...requests.map(({ json }) => JSON.parse(json.toString()) as CreateTableRequest));
    const rows = requests.map(({ fqn, json }) => {
      const message = this.refused.get(fqn);
      if (message !== undefined) return { fqn, ok: false, message };
      const { name, sourceHash, tableConstraints, columns = [] } = JSON.parse(json.toString()) as CreateTableRequest;
      const key = this.#refusedKey(tableConstraints ?? []);
      if (key !== undefined) return { fqn, ok: false, message: `Invalid column name found in table constraint ${key}` };
      this.entities.set(fqn, {
        kind,
        name,
        ...(sourceHash === undefined ? {} : { sourceHash }),
        constraints: [...(tableConstraints ?? [])],
        columns: columns.map((column) => column.name),
        deleted: false,
      });
      return { fqn, ok: true };
    });
    if (broken !== undefined) this.#throw(broken.error);
    return rows;
  }

  /** Of all entities, epoch milliseconds. */
  updatedAt = 0;

  async *existing(kind: EntityKind, parentFqn: string): AsyncIterable<ExistingEntity> {
    this.lists.push(`${kind} ${parentFqn}`);
    for (const [fqn, entity] of this.entities) {
      if (entity.deleted || entity.kind !== kind || fqn !== `${parentFqn}.${quoteName(entity.name)}`) continue;
      yield {
        name: entity.name,
        ...(entity.sourceHash === undefined ? {} : { sourceHash: entity.sourceHash }),
      };
    }
  }

  async hasTable(tableFqn: string): Promise<boolean> {
    this.lookups += 1;
    return this.entities.get(tableFqn)?.deleted === false;
  }

  /** Owners by the name that the source has for them. */
  readonly people = new Map<string, EntityReference>();

  readonly ownersAsked: string[] = [];

  async findOwner(name: string): Promise<EntityReference | undefined> {
    this.ownersAsked.push(name);
    return this.people.get(name);
  }

  /** Columns of a table as it was put; of one that was there before, `id`. */
  async columns(tableFqn: string): Promise<readonly string[] | undefined> {
    if (this.entities.get(tableFqn)?.deleted !== false) return undefined;
    this.lookups += 1;
    return this.entities.get(tableFqn)?.columns ?? ['id'];
  }

  async ensureTag(tag: SourceTag): Promise<void> {
    this.tags.push(tag);
  }

  async addConstraints(
    tableFqn: string,
    constraints: readonly TableConstraint[],
    sourceHash: string | undefined
  ): Promise<boolean> {
    const stored = this.entities.get(tableFqn);
    if (stored === undefined) return false;
    const key = this.#refusedKey(constraints);
    if (key !== undefined) throw new PermanentError(`Invalid column name found in table constraint ${key}`);
    const known = new Set(stored.constraints.map((each) => JSON.stringify(each)));
    const missing = constraints.filter((each) => !known.has(JSON.stringify(each)));
    if (missing.length === 0 && sourceHash === undefined) return false;
    stored.constraints.push(...missing);
    if (sourceHash !== undefined) stored.sourceHash = sourceHash;
    return true;
  }

  async count(scope: StaleScope): Promise<number> {
    return this.#live(scope).length;
  }

  async stale(scope: StaleScope, seen: readonly string[]): Promise<readonly string[]> {
    return seen.length === 0 ? [] : this.#live(scope).filter((fqn) => !seen.includes(fqn));
  }

  async find(kind: EntityKind, fqn: string): Promise<ExistingEntity | undefined> {
    const entity = this.entities.get(fqn);
    return entity?.kind === kind && !entity.deleted ? { name: entity.name, updatedAt: this.updatedAt } : undefined;
  }

  async markDeleted(_kind: EntityKind, fqn: string): Promise<boolean> {
    const message = this.refused.get(fqn);
    if (message !== undefined) throw new PermanentError(message);
    const entity = this.entities.get(fqn);
    if (entity === undefined || entity.deleted) return false;
    entity.deleted = true;
    return true;
  }

  /** Makes a live entity as if an earlier run had left it. */
  has(kind: EntityKind, ...fqns: string[]): void {
    for (const fqn of fqns)
      this.entities.set(fqn, { kind, name: fqn.split('.').at(-1) ?? '', constraints: [], deleted: false });
  }

  deletedFqns(): string[] {
    return [...this.entities].filter(([, entity]) => entity.deleted).map(([fqn]) => fqn);
  }

  #live({ kind, scopeFqn }: StaleScope): string[] {
    return [...this.entities]
      .filter(([fqn, entity]) => entity.kind === kind && !entity.deleted && fqn.startsWith(`${scopeFqn}.`))
      .map(([fqn]) => fqn);
  }

  #refusedKey(constraints: readonly TableConstraint[]): string | undefined {
    return constraints.flatMap(({ referredColumns = [] }) => referredColumns).find((fqn) => this.refusedKeys.has(fqn));
  }

  #throw(error: Error): never {
    delete this.breakAfter;
    throw error;
  }
}
