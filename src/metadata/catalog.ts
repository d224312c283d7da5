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
  /** Epoch milliseconds of its last change; where it was found by its name. */
  readonly updatedAt?: number;
}

/** Where entities of a kind are looked for that the source no longer has. */
export interface StaleScope extends EntityScope {
  readonly kind: EntityKind;
}

/**
 * What the metadata workflow asks of a catalog: the part of OpenMetadata's API it depends on, in its own words. Every
 * call is repeatable. Throws AuthenticationError, PermanentError or TransientError; a refused row is no exception.
 */
export interface Catalog {
  /** One outcome a request, in their order. */
  put(kind: EntityKind, requests: readonly PreparedRequest[]): Promise<readonly RowOutcome[]>;
  /** Live entities right below a service, database or schema, page by page. */
  existing(kind: EntityKind, parentFqn: string): AsyncIterable<ExistingEntity>;
  hasTable(tableFqn: string): Promise<boolean>;
  /** Names of a table's columns as the catalog stores them; undefined when the table is not there. */
  columns(tableFqn: string): Promise<readonly string[] | undefined>;
  /** Makes the classification and the tag when they are not there. */
  ensureTag(tag: SourceTag): Promise<void>;
  /**
   * The user of this name or e-mail address, else the team of this name that may own things; undefined when there is
   * none.
   */
  findOwner(name: string): Promise<EntityReference | undefined>;
  /**
   * Adds those of the constraints that the table does not have, and sets its hash; false when the table is not there.
   * @throws PermanentError when they are refused
   */
  addConstraints(
    tableFqn: string,
    constraints: readonly TableConstraint[],
    sourceHash: string | undefined
  ): Promise<boolean>;
  /** Live entities of the kind in the scope. */
  count(scope: StaleScope): Promise<number>;
  /** FQNs of live entities in the scope that are not in `seen`. Deletes nothing. */
  stale(scope: StaleScope, seen: readonly string[]): Promise<readonly string[]>;
  /** A live entity by its FQN. */
  find(kind: EntityKind, fqn: string): Promise<ExistingEntity | undefined>;
  /**
   * Marks one entity deleted, with what it holds; false when it is not there. @throws PermanentError when that is
   * refused
   */
  markDeleted(kind: EntityKind, fqn: string): Promise<boolean>;
}
