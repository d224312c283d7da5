/**
 * What an opened source offers, in words of no engine. A connector is a folder `src/sources/<type>/` with the same door
 * files in each: spec.ts (what it is, as data), config.ts (model of serviceConnection.config), connector.ts (what its
 * spec loads), errors.ts (driver codes → error tree, one table), type-map.ts, index.ts (the door); what a big one has
 * below them is its own.
 */
import type { IngestionError } from '../errors/index.js';
import type { Awaitable } from '../filters/index.js';
import type { SourceRecord, SourceScope } from './records.js';

/**
 * What the recipe selects; made by `src/metadata` from the filter patterns and include* flags. Pure and cheap: an
 * answer that comes later is one of a pattern with back-references, so await each.
 */
export interface Selection {
  /** undefined = selected, else the reason it is left out. */
  database(name: string): Awaitable<string | undefined>;
  schema(database: string, name: string): Awaitable<string | undefined>;
  table(
    database: string,
    schema: string,
    name: string,
    kind: 'table' | 'view' | 'other'
  ): Awaitable<string | undefined>;
  procedure(database: string, schema: string, name: string): Awaitable<string | undefined>;
}

/** The switches of DatabaseMetadata that change what a source reads. */
export interface MetadataOptions {
  readonly includeTables: boolean;
  readonly includeViews: boolean;
  readonly includeStoredProcedures: boolean;
  readonly includeDDL: boolean;
  readonly includeTags: boolean;
  /** Default false. */
  readonly includeOwners?: boolean;
  /** Epoch milliseconds: read only what changed since then, where the source can. */
  readonly changedSince?: number;
}

/** What a run reads, as `check` is asked about it. */
export interface CheckOptions extends MetadataOptions {
  /** Rows of the tables (profiler, data quality). Default false. */
  readonly readsRows?: boolean;
  /** Tables whose rows are read at once, a session each, and the recipe's key for that, if there is one. */
  readonly tablesAtOnce?: { readonly count: number; readonly key?: string };
  /** Of the profiler: which statements changed the rows of tables. */
  readonly rowChanges?: boolean;
}

/** What every call on a source gets from its caller. */
export interface SourceContext {
  /** Put into a comment at the head of every statement: project, version, workflow kind, run. Never a secret. */
  readonly runTag: string;
  readonly signal: AbortSignal;
  /** Called for every statement sent, with its own wall time. */
  readonly onStatement: (milliseconds: number) => void;
  /** One line for the log, a fact a user may need (a fallback taken, a grant missing). */
  readonly onWarning: (message: string) => void;
  /** Sessions that may be open at once, where the recipe bounds those of all runs. Absent: as many as help. */
  readonly mostSessions?: number;
}

/**
 * How far a schema has been read: everything up to and including `name` of `part` is done. Parts come in this order.
 */
export interface ReadPosition {
  readonly part: 'tables' | 'procedures';
  readonly name: string;
}

export interface SchemaRef {
  readonly database: string;
  readonly schema: string;
}

/** Tables after `after`, up to and including `until`, in binary order of their names; open where one is absent. */
export interface NameRange {
  readonly after?: string;
  readonly until?: string;
}

/** An open connection for metadata. Not shared between activities; closed by the caller. */
export interface MetadataSource {
  /**
   * Databases and schemas, parents before children, in a defined order. A scope left out by `selection` is yielded as
   * `unselected`. One that exists but can't be listed is yielded as `problem`. Tags of scopes are read unless
   * `includeTags` is false, owners when `includeOwners` is true.
   */
  scopes(
    selection: Selection,
    options?: Pick<MetadataOptions, 'includeTags' | 'includeOwners'>
  ): AsyncIterable<SourceScope>;
  /**
   * All tables and procedures of one schema in binary order of their names, tables first; a repeated read with `after`
   * resumes after it in the same order. Set-based: the number of statements does not grow with tables. Throws when the
   * listing fails or is cut short.
   * @param until the read ends with the table of this name, or where it would be: no later tables, and no procedures
   */
  read(
    schema: SchemaRef,
    selection: Selection,
    options: MetadataOptions,
    after?: ReadPosition,
    until?: string
  ): AsyncIterable<SourceRecord>;
  /**
   * Names of tables that cut a big schema into ranges of `size` tables: each name ends one, the last range is open. One
   * statement. Absent for a connector whose schemas are read in one go.
   */
  cuts?(schema: SchemaRef, size: number): Promise<readonly string[]>;
  /**
   * Of `names`, those that still exist in the source (at most 500 a call). Asked just before something is marked
   * deleted.
   */
  stillThere(schema: SchemaRef, entity: 'table' | 'procedure', names: readonly string[]): Promise<readonly string[]>;
  /** Of the schemas of a database (of the databases, when `database` is undefined), those that still exist, by name. */
  scopesStillThere(database: string | undefined, names: readonly string[]): Promise<readonly string[]>;
  /**
   * A short text that changes when what this user may see changes (grants, roles). Taken before the listing and before
   * deletions: when it differs nothing is deleted, since a lost grant looks like a dropped table. Contains no secret.
   */
  visibility(): Promise<string>;
  /**
   * Of names that were just found missing, those for which this proves nothing: they may only be hidden from this user.
   * Absent for a connector whose catalogue shows everything, whatever the rights.
   */
  doubts?(scope: ScopeRef, entity: SourceEntity, names: readonly string[]): Promise<readonly Doubt[]>;
  /**
   * The rights by which this user sees what is in each scope; undefined when they can't be listed. A run remembers them
   * for the next one: where one is lost, what is not seen any more is not taken for gone.
   */
  rights?(): Promise<readonly ScopeRights[] | undefined>;
  close(): Promise<void>;
}

export type SourceEntity = 'database' | 'schema' | 'table' | 'procedure';

/** Where entities are: those of a schema, the schemas of a database, all databases. */
export interface ScopeRef {
  readonly database?: string;
  readonly schema?: string;
}

/** Why something that is not seen need not be gone. */
export interface Doubt {
  readonly name: string;
  /**
   * `hidden`: this user would not see it. `unproven`: rights don't tell; it is gone if no right was lost since the last
   * complete run. `recent`: the source's own records don't have it, but lag; it is gone if it was known for longer than
   * that.
   */
  readonly kind: 'hidden' | 'unproven' | 'recent';
  /** Of a recent one, milliseconds that the records may lag. */
  readonly lagMs?: number;
  /** What is missing, with the GRANT that fixes it if there is one. The same text for all names that lack the same. */
  readonly reason: string;
}

/** Rights on a scope, each a short text without names of people: `SELECT`, `SELECT TABLE`. */
export interface ScopeRights extends ScopeRef {
  readonly rights: readonly string[];
}

/** One finding of `om-ingest check` and of the connection test at the start of a run. */
export interface CheckResult {
  readonly name: string;
  readonly passed: boolean;
  /** A failing mandatory step ends the run; others are warnings. */
  readonly mandatory: boolean;
  /** What was found. */
  readonly message: string;
  /** The statement or setting that fixes it (a GRANT, ready to paste). */
  readonly remedy?: string;
  /** What the step failed with: a TransientError is worth another try. */
  readonly error?: IngestionError;
  /** True: a right is missing, so that a run sees less than there is and is a partial success at best. */
  readonly right?: true;
}
