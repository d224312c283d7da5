import { RecordError } from '../errors/index.js';
import { entityFqn, mapLimited, quoteName, restoreName, splitFqn } from '../openmetadata/index.js';
import type { ColumnRecord, OpenMetadataClient, TableRecord } from '../openmetadata/index.js';
import { LookUpCache } from './look-up-cache.js';
import { foldedName, TableColumns, type NameRules } from './table-columns.js';

/** A table of the catalog, as edges need it. */
export interface FoundTable {
  readonly id: string;
  readonly fqn: string;
  readonly columns: TableColumns;
}

/** A table's name in a statement, and where the statement ran. */
export interface TableName {
  /** As written, outermost first: `[table]`, `[schema, table]`, `[database, schema, table]`. */
  readonly parts: readonly string[];
  readonly database?: string | undefined;
  readonly schema?: string | undefined;
  /** The parts are as the source stores them: a table whose name differs by case is another one. */
  readonly exact?: boolean;
}

/** How names are looked up; the part of the client that is used. */
export type TableClient = Pick<OpenMetadataClient, 'search'> & {
  readonly tables: Pick<OpenMetadataClient['tables'], 'findByName' | 'list' | 'count'>;
};

/** Tables that one incomplete name may mean; with more it is taken to mean none. */
const MOST_MATCHES = 10;
/** Look-ups at once. */
const LOOK_UPS = 8;
/** From this many names in one schema on, its tables are listed, unless there are too many of them per name. */
const LIST_FROM = 20;
const LISTED_PER_NAME = 20;

interface FullName {
  readonly database: string | undefined;
  readonly schema: string | undefined;
  readonly table: string;
}

/**
 * Finds tables of the catalog by the names that statements use: exactly, folded as the dialect does, then through the
 * server's search, which ignores case and fills in unknown parts. Of an exact name only where the statement ran may be
 * folded or in another case. Each name is asked for once; if many are in one schema, its tables are listed.
 */
export class TableFinder {
  constructor(
    private readonly client: TableClient,
    /** The recipe's own service, then those for cross-database lineage. */
    private readonly services: readonly string[],
    private readonly rules: NameRules,
    private readonly signal: AbortSignal,
    private readonly cache = new LookUpCache<FoundTable>()
  ) {}

  /** All tables that each name may mean, in the order of the names; none if the catalog has no such table. */
  async findAll(names: readonly TableName[]): Promise<readonly (readonly FoundTable[])[]> {
    const missing = new Map<string, TableName>();
    const found = new Map<string, readonly FoundTable[]>();
    const keys = names.map(nameKey);
    keys.forEach((key, index) => {
      const name = names[index];
      const cached = this.cache.get(key);
      if (cached !== undefined) found.set(key, cached);
      else if (name !== undefined) missing.set(key, name);
    });
    const listed = await this.#listSchemas([...missing.values()]);
    await mapLimited([...missing], LOOK_UPS, async ([key, name]) => {
      const tables = await this.#lookUp(name, listed);
      this.cache.set(key, tables);
      found.set(key, tables);
    });
    return keys.map((key) => found.get(key) ?? []);
  }

  /** FQN of a procedure in the recipe's own service. */
  procedureFqn(names: readonly [string, string, string] | undefined): string | undefined {
    const [service] = this.services;
    return names === undefined || service === undefined ? undefined : entityFqn(service, ...names);
  }

  /** The table with this FQN, as it is now. */
  async byFqn(fqn: string): Promise<FoundTable | undefined> {
    const table = await this.client.tables.findByName(fqn, { fields: ['columns'], signal: this.signal });
    return table === undefined ? undefined : this.#toFound(table);
  }

  async #lookUp(name: TableName, listed: ReadonlyMap<string, Listing>): Promise<readonly FoundTable[]> {
    try {
      for (const [index, service] of this.services.entries()) {
        if (index === 0 && this.#isElsewhere(name)) continue;
        const full = index === 0 ? completeName(name) : foreignName(name);
        // Another service may be of another engine, with other rules for its names.
        const exactParts = index === 0 && name.exact === true ? name.parts.length : 0;
        const schemaFqn = index === 0 ? this.#schemaFqn(full, exactParts) : undefined;
        const listing = schemaFqn === undefined ? undefined : listed.get(schemaFqn);
        const found =
          listing === undefined
            ? ((await this.#exactly(service, full, exactParts)) ?? (await this.#bySearch(service, full, exactParts)))
            : fromListing(listing, this.#spellings(full.table, exactParts > 0), exactParts > 0);
        if (found.length > 0) return found;
      }
    } catch (error) {
      // a name that can't be part of an FQN isn't in the catalog
      if (!(error instanceof RecordError)) throw error;
    }
    return [];
  }

  async #exactly(service: string, full: FullName, exactParts: number): Promise<readonly FoundTable[] | undefined> {
    const { database, schema, table } = full;
    if (database === undefined || schema === undefined) return undefined;
    const written = [database, schema, table];
    const spellings = [
      written.map((part, at) => (isExact(at, exactParts) ? part : foldedName(part, this.rules.folding))),
      written,
    ];
    if (exactParts > 0) spellings.reverse();
    for (const fqn of new Set(spellings.map((spelling) => entityFqn(service, ...spelling)))) {
      const found = await this.byFqn(fqn);
      if (found !== undefined) return [found];
    }
    return undefined;
  }

  async #bySearch(service: string, full: FullName, exactParts: number): Promise<readonly FoundTable[]> {
    const parts = [full.database, full.schema, full.table];
    const pattern = parts.map((part) => (part === undefined ? '*' : entityFqn('s', part).slice('s.'.length)));
    const hits = await this.client.search.tables([entityFqn(service), ...pattern].join('.'), {
      size: MOST_MATCHES + 1,
      signal: this.signal,
    });
    // a wildcard crosses dots, and a name may contain wildcards: only FQNs with the same parts count
    const fitting = hits.filter(({ fullyQualifiedName }) => {
      const [, ...found] = splitFqn(fullyQualifiedName).map(restoreName);
      const isFit = (part: string, at: number): boolean =>
        isExact(at, exactParts) ? part === found[at] : isAlike(part, found[at]);
      return found.length === 3 && parts.every((part, at) => part === undefined || isFit(part, at));
    });
    if (fitting.length > MOST_MATCHES) return [];
    const meant = withoutTwins(fitting, parts, ({ fullyQualifiedName }) => fullyQualifiedName);
    const tables = await Promise.all(meant.map((hit) => this.byFqn(hit.fullyQualifiedName)));
    return tables.filter((each) => each !== undefined).sort((left, right) => (left.fqn < right.fqn ? -1 : 1));
  }

  /** T-SQL's `server.db.schema.t` is a table of another server, which the recipe's own service does not have. */
  #isElsewhere({ parts }: TableName): boolean {
    return this.rules.dialect === 'tsql' && parts.length > 3;
  }

  /** The schemas with many of the names, if listing is cheaper than asking for each name. */
  async #listSchemas(names: readonly TableName[]): Promise<ReadonlyMap<string, Listing>> {
    const wanted = new Map<string, Set<string>>();
    for (const name of names) {
      if (this.#isElsewhere(name)) continue;
      const full = completeName(name);
      const schemaFqn = this.#schemaFqn(full, name.exact === true ? name.parts.length : 0);
      if (schemaFqn === undefined) continue;
      const tables = wanted.get(schemaFqn) ?? new Set();
      wanted.set(schemaFqn, tables.add(full.table.toLowerCase()));
    }
    const listed = new Map<string, Listing>();
    for (const [schemaFqn, tables] of wanted) {
      if (tables.size < LIST_FROM) continue;
      const scope = { scopeType: 'databaseSchema', scopeFqn: schemaFqn } as const;
      const count = await this.client.tables.count(scope, { signal: this.signal });
      // nothing there: the schema may be known by another spelling
      if (count > 0 && count <= tables.size * LISTED_PER_NAME) listed.set(schemaFqn, await this.#list(scope, tables));
    }
    return listed;
  }

  async #list(
    scope: { readonly scopeType: 'databaseSchema'; readonly scopeFqn: string },
    wanted: ReadonlySet<string>
  ): Promise<Listing> {
    const listing: Listing = new Map();
    for await (const { entities } of this.client.tables.list(scope, { fields: ['columns'], signal: this.signal })) {
      for (const table of entities) {
        const key = restoreName(table.name).toLowerCase();
        if (wanted.has(key)) listing.set(key, [...(listing.get(key) ?? []), this.#toFound(table)]);
      }
    }
    return listing;
  }

  #schemaFqn({ database, schema }: FullName, exactParts: number): string | undefined {
    const [service] = this.services;
    if (service === undefined || database === undefined || schema === undefined) return undefined;
    const names =
      exactParts > 0
        ? [database, schema]
        : [foldedName(database, this.rules.folding), foldedName(schema, this.rules.folding)];
    try {
      return entityFqn(service, ...names);
    } catch (error) {
      if (error instanceof RecordError) return undefined;
      throw error;
    }
  }

  #toFound(table: TableRecord): FoundTable {
    const columns = (table.columns ?? []).map((column) => ({
      name: restoreName(column.name),
      fqn: columnFqnOf(table, column),
    }));
    const isOwn = splitFqn(table.fullyQualifiedName)[0] === this.services[0];
    return { id: table.id, fqn: table.fullyQualifiedName, columns: new TableColumns(columns, this.rules, isOwn) };
  }

  #spellings(part: string, isExactly: boolean): readonly string[] {
    return isExactly ? [part] : [foldedName(part, this.rules.folding), part];
  }
}

/** Whether the statement itself has that part of database, schema and table, and its names are exact. */
function isExact(at: number, exactParts: number): boolean {
  return at >= 3 - exactParts;
}

/** Wanted tables of one schema by lower-cased name. */
type Listing = Map<string, readonly FoundTable[]>;

function fromListing(listing: Listing, spellings: readonly string[], isExactly: boolean): readonly FoundTable[] {
  const alike = listing.get(spellings[0]?.toLowerCase() ?? '') ?? [];
  const names = new Map(alike.map((table) => [restoreName(splitFqn(table.fqn).at(-1) ?? ''), table]));
  const exact = spellings.map((each) => names.get(each)).find((table) => table !== undefined);
  if (exact !== undefined) return [exact];
  return isExactly || alike.length > 1 ? [] : alike;
}

/**
 * Of entities whose names differ by case only, those that have the parts as they are written: no rule tells which of
 * the others is meant.
 */
function withoutTwins<T>(all: readonly T[], parts: readonly (string | undefined)[], fqnOf: (each: T) => string): T[] {
  const alike = new Map<string, T[]>();
  for (const each of all) {
    const key = fqnOf(each).toLowerCase();
    alike.set(key, [...(alike.get(key) ?? []), each]);
  }
  const isWritten = (each: T): boolean => {
    const [, ...found] = splitFqn(fqnOf(each)).map(restoreName);
    return parts.every((part, at) => part === undefined || part === found[at]);
  };
  return [...alike.values()].flatMap((twins) => (twins.length === 1 ? twins : twins.filter(isWritten)));
}

/** The name's parts from the right: table, schema, database; missing ones from where the statement ran. */
export function completeName({ parts, database, schema }: TableName): FullName {
  return { table: parts.at(-1) ?? '', schema: partAt(parts, -2) ?? schema, database: partAt(parts, -3) ?? database };
}

/** The whole of it as a text, with the server of T-SQL's `server.db.schema.t`. */
export function fullNameText(name: TableName): string {
  const { database, schema, table } = completeName(name);
  return [...name.parts.slice(0, -3), database, schema, table].filter((part) => part !== undefined).join('.');
}

/** A part that is there; T-SQL's `db..t` leaves one out. */
function partAt(parts: readonly string[], at: number): string | undefined {
  const part = parts.at(at);
  return part === '' ? undefined : part;
}

/** In another service the statement's own database says nothing. */
function foreignName({ parts, schema }: TableName): FullName {
  return { table: parts.at(-1) ?? '', schema: partAt(parts, -2) ?? schema, database: partAt(parts, -3) };
}

export function nameKey({ parts, database, schema, exact }: TableName): string {
  return JSON.stringify([parts, database, schema, exact === true]);
}

/** Database and schema in a table's FQN, by the source's names. */
export function placeOf(fqn: string): { database: string | undefined; schema: string | undefined } {
  const [, database, schema] = splitFqn(fqn).map(restoreName);
  return { database, schema };
}

function isAlike(one: string, other: string | undefined): boolean {
  return one.toLowerCase() === other?.toLowerCase();
}

function columnFqnOf(table: TableRecord, column: ColumnRecord): string {
  return column.fullyQualifiedName ?? `${table.fullyQualifiedName}.${quoteName(column.name)}`;
}
