import type {
  EntityKind,
  EntityReference,
  EntityScope,
  PreparedRequest,
  RowOutcome,
  TableConstraint,
} from '../openmetadata/index.js';
import type { SourceTag } from '../sources/index.js';

export interface ExistingEntity {
  /** As the catalog stores it (rewritten). */
  readonly name: string;
  readonly sourceHash?: string;
  /** When it last changed, epoch milliseconds; only if it was found by its name. */
  readonly updatedAt?: number;
}

/** Where to look for entities of a kind that the source no longer has. */
export interface StaleScope extends EntityScope {
  readonly kind: EntityKind;
}

/**
 * What the metadata workflow needs from a catalog: the part of OpenMetadata's API it depends on, in its own words.
 * Every call is repeatable. Throws AuthenticationError, PermanentError or TransientError; a refused row doesn't throw.
 */
export interface Catalog {
  /** One outcome per request, in order. */
  put(kind: EntityKind, requests: readonly PreparedRequest[]): Promise<readonly RowOutcome[]>;
  /** Live entities directly below a service, database or schema, page by page. */
  existing(kind: EntityKind, parentFqn: string): AsyncIterable<ExistingEntity>;
  hasTable(tableFqn: string): Promise<boolean>;
  /** Names of a table's columns as the catalog stores them; undefined when the table doesn't exist. */
  columns(tableFqn: string): Promise<readonly string[] | undefined>;
  /** Creates the classification and the tag if they don't exist. */
  ensureTag(tag: SourceTag): Promise<void>;
  /**
   * The user of this name or e-mail address, else the team of this name that may own things; undefined when there is
   * none.
   */
  findOwner(name: string): Promise<EntityReference | undefined>;
  /**
   * Adds those of the constraints that the table lacks, and sets its hash; false when the table doesn't exist or
   * has them all and no hash is given.
   * @throws PermanentError when they are refused
   */
  addConstraints(
    tableFqn: string,
    constraints: readonly TableConstraint[],
    sourceHash: string | undefined
  ): Promise<boolean>;
  /** Live entities of the kind in the scope. */
  count(scope: StaleScope): Promise<number>;
  /** FQNs of live entities in the scope that aren't in `seen`. Deletes nothing. */
  stale(scope: StaleScope, seen: readonly string[]): Promise<readonly string[]>;
  /** A live entity by its FQN. */
  find(kind: EntityKind, fqn: string): Promise<ExistingEntity | undefined>;
  /**
   * Marks one entity deleted, with what it contains; false when it doesn't exist. @throws PermanentError when that is
   * refused
   */
  markDeleted(kind: EntityKind, fqn: string): Promise<boolean>;
}
