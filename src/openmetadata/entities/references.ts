/** Points at an entity by id; `type` is the server's singular name (`table`, `databaseService`, `user`). */
export interface EntityReference {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly fullyQualifiedName?: string;
  readonly description?: string;
  readonly displayName?: string;
  readonly deleted?: boolean;
}

/** A tag or glossary term on an entity or a column. `tagFQN` is `classification.tag`. */
export interface TagLabel {
  readonly tagFQN: string;
  readonly source: 'Classification' | 'Glossary';
  readonly labelType: 'Manual' | 'Propagated' | 'Automated' | 'Derived' | 'Generated';
  readonly state: 'Suggested' | 'Confirmed';
  readonly name?: string;
  readonly displayName?: string;
  readonly description?: string;
}

/** When something happened to an entity; `timestamp` in milliseconds since the epoch. */
export interface AccessDetails {
  readonly timestamp: number;
  readonly accessedBy?: EntityReference;
  readonly accessedByAProcess?: string;
}

/** The server keeps the later of the stored and the sent value of each part. */
export interface LifeCycle {
  readonly created?: AccessDetails;
  readonly updated?: AccessDetails;
  readonly accessed?: AccessDetails;
}

/** What the create requests of databases, schemas, tables and procedures share. */
export interface CreateRequestBase {
  /** Rewritten by `rewriteName`, 1–256 characters. */
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly tags?: readonly TagLabel[];
  readonly owners?: readonly EntityReference[];
  readonly sourceUrl?: string;
  /** FQNs. */
  readonly domains?: readonly string[];
  /** FQNs. */
  readonly dataProducts?: readonly string[];
  readonly extension?: Readonly<Record<string, unknown>>;
  readonly lifeCycle?: LifeCycle;
  /** Made by `sourceHash`; the server skips an entity whose stored hash is the same. */
  readonly sourceHash?: string;
}
