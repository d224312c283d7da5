import {
  entityFqn,
  restoreName,
  splitFqn,
  type ColumnRecord,
  type OpenMetadataClient,
  type TableRecord,
} from '../openmetadata/index.js';

/** A table of the catalog, as edges need it. */
export interface FoundTable {
  readonly id: string;
  readonly fqn: string;
  /** Column FQNs by lower-cased name, in the table's order. */
  readonly columns: ReadonlyMap<string, string>;
  /** Column names in the table's order. */
  readonly columnNames: readonly string[];
}

/** A table's name as a text has it, completed by where the text ran. */
export interface TableName {
  readonly database?: string | undefined;
  readonly schema?: string | undefined;
  readonly table: string;
}

/** Names kept at once, found or not; some 2 KiB each with their columns. */
const CACHED = 5_000;
/** Tables that one incomplete name may stand for; more are taken for no name at all. */
const MOST_MATCHES = 10;

/**
 * Finds tables of the catalog by the names that texts use: exactly, folded as the dialect does, then through the server's search, which
 * ignores case and fills in unknown parts. One look-up a name, also when many ask at once.
 */
export class TableFinder {
  readonly #cache = new Map<string, Promise<readonly FoundTable[]>>();

  constructor(
    private readonly client: OpenMetadataClient,
    private readonly services: readonly string[],
    /** How unquoted names are stored. */
    private readonly folding: 'upper' | 'as-written',
    private readonly signal: AbortSignal
  ) {}

  /** Every table the name may stand for; none when the catalog has no such table. */
  find(name: TableName): Promise<readonly FoundTable[]> {
    const key = JSON.stringify([name.database, name.schema, name.table]);
    const cached = this.#cache.get(key);
    if (cached !== undefined) return cached;
    if (this.#cache.size >= CACHED) {
      const oldest = this.#cache.keys().next();
      if (oldest.done !== true) this.#cache.delete(oldest.value);
    }
    const found = this.#lookUp(name);
    this.#cache.set(key, found);
    found.catch(() => this.#cache.delete(key));
    return found;
  }

  /** FQN of a procedure of the recipe's own service. */
  procedureFqn(names: readonly [string, string, string] | undefined): string | undefined {
    const [service] = this.services;
    return names === undefined || service === undefined ? undefined : entityFqn(service, ...names);
  }

  async #lookUp(name: TableName): Promise<readonly FoundTable[]> {
    for (const service of this.services) {
      const found = (await this.#exactly(service, name)) ?? (await this.#bySearch(service, name));
      if (found.length > 0) return found;
    }
    return [];
  }

  async #exactly(service: string, { database, schema, table }: TableName): Promise<readonly FoundTable[] | undefined> {
    if (database === undefined || schema === undefined) return undefined;
    const spellings = [[database, schema, table]];
    if (this.folding === 'upper')
      spellings.unshift([database.toUpperCase(), schema.toUpperCase(), table.toUpperCase()]);
    for (const spelling of spellings) {
      const found = await this.byFqn(entityFqn(service, ...spelling));
      if (found !== undefined) return [found];
    }
    return undefined;
  }

  async #bySearch(service: string, { database, schema, table }: TableName): Promise<readonly FoundTable[]> {
    const pattern = [database, schema, table].map((part) => (part === undefined ? '*' : entityFqn('s', part).slice(2)));
    const hits = await this.client.search.tables([entityFqn(service), ...pattern].join('.'), {
      size: MOST_MATCHES + 1,
      signal: this.signal,
    });
    // A wildcard also crosses dots: only FQNs of a table's depth whose last part is the name count.
    const wanted = table.toLowerCase();
    const fitting = hits.filter(({ fullyQualifiedName }) => {
      const parts = splitFqn(fullyQualifiedName);
      return parts.length === 4 && parts[3]?.toLowerCase() === wanted;
    });
    if (fitting.length > MOST_MATCHES) return [];
    const tables = await Promise.all(fitting.map((hit) => this.byFqn(hit.fullyQualifiedName)));
    return tables.filter((each) => each !== undefined);
  }

  /** The table of this FQN, as it is now. */
  async byFqn(fqn: string): Promise<FoundTable | undefined> {
    const table = await this.client.tables.findByName(fqn, { fields: ['columns'], signal: this.signal });
    return table === undefined ? undefined : toFound(table);
  }
}

/** Database and schema of a table's FQN, by the source's names. */
export function placeOf(fqn: string): { database: string | undefined; schema: string | undefined } {
  const [, database, schema] = splitFqn(fqn).map(restoreName);
  return { database, schema };
}

function toFound(table: TableRecord): FoundTable {
  const columns = table.columns ?? [];
  return {
    id: table.id,
    fqn: table.fullyQualifiedName,
    columns: new Map(columns.map((column) => [column.name.toLowerCase(), columnFqnOf(table, column)])),
    columnNames: columns.map((column) => column.name),
  };
}

function columnFqnOf(table: TableRecord, column: ColumnRecord): string {
  return column.fullyQualifiedName ?? `${table.fullyQualifiedName}.${column.name}`;
}
