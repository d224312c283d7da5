import type { EntityKind } from '../openmetadata/index.js';
import type { Failure } from '../report/index.js';

/** Some of a possibly long list, and its length. */
export interface Listed<T> {
  readonly count: number;
  /** The first ones, as many as were asked for. */
  readonly first: readonly T[];
}

/** What a run would leave out, and why. */
export interface LeftOut {
  readonly entity: 'database' | 'schema' | 'table' | 'procedure';
  /** FQN. */
  readonly fqn: string;
  /** `filtered by tableFilterPattern.excludes: ^tmp_`. */
  readonly reason: string;
}

/** FQNs by what would become of them. */
export interface KindChanges {
  readonly created: Listed<string>;
  /** The catalog has another sourceHash, or `overrideMetadata` is set. */
  readonly updated: Listed<string>;
  /** Marked deleted; a schema or database with everything below it. */
  readonly deleted: Listed<string>;
}

/** What a run of a metadata recipe would change in the catalog now. */
export interface PlannedChanges {
  readonly service: string;
  /** False: the service would be created too. */
  readonly serviceExists: boolean;
  readonly changes: Readonly<Record<EntityKind, KindChanges>>;
  /** Entities that are the same in the catalog and the source. */
  readonly unchanged: number;
  readonly leftOut: Listed<LeftOut>;
  /** What could not be read: the run would report it as errors. */
  readonly failures: Listed<Failure>;
  readonly notes: readonly string[];
}

/** Counts all, keeps the first ones. */
export class FirstOf<T> implements Listed<T> {
  count = 0;
  readonly first: T[] = [];

  constructor(private readonly limit: number) {}

  add(item: T): void {
    this.count += 1;
    if (this.first.length < this.limit) this.first.push(item);
  }

  toJSON(): Listed<T> {
    return { count: this.count, first: this.first };
  }
}
