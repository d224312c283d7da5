import { stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { PermanentError } from '../../errors/index.js';
import type { SourceRecord, SourceScope } from '../records.js';
import type { MetadataOptions, MetadataSource, ReadPosition, SchemaRef, Selection, SourceContext } from '../source.js';
import { cutsOf } from '../name-cuts.js';
import { buildTable, type PageRows } from './build-table.js';
import type { SqliteConnectionConfig } from './config.js';
import { SqliteConnection } from './connection.js';
import * as queries from './queries.js';
import type { ObjectRow } from './queries.js';

/** The only schema that a file has under this name; attached databases belong to other sessions. */
const SCHEMA = 'main';
const DEFAULT_DATABASE = 'default';

export async function openSqliteMetadata(
  config: SqliteConnectionConfig,
  context: SourceContext
): Promise<MetadataSource> {
  return new SqliteMetadata(config, await SqliteConnection.open(config, context));
}

class SqliteMetadata implements MetadataSource {
  readonly #database: string;
  readonly #connection: SqliteConnection;

  constructor(config: SqliteConnectionConfig, connection: SqliteConnection) {
    this.#database = databaseOf(config);
    this.#connection = connection;
  }

  async *scopes(selection: Selection): AsyncGenerator<SourceScope> {
    const database = this.#database;
    const reason = await selection.database(database);
    if (reason !== undefined) {
      yield { kind: 'unselected', entity: 'database', database, reason };
      return;
    }
    yield { kind: 'database', name: database };
    const leftOut = await selection.schema(database, SCHEMA);
    if (leftOut !== undefined) {
      yield { kind: 'unselected', entity: 'schema', database, schema: SCHEMA, reason: leftOut };
      return;
    }
    const [counted] = this.#connection.all(queries.countObjects());
    yield { kind: 'schema', database, name: SCHEMA, weight: counted?.count ?? 0 };
  }

  async *read(
    ref: SchemaRef,
    selection: Selection,
    options: MetadataOptions,
    after?: ReadPosition,
    until?: string
  ): AsyncGenerator<SourceRecord> {
    if (ref.schema !== SCHEMA) throw new PermanentError(`A SQLite file has no schema ${ref.schema}, only ${SCHEMA}.`);
    if (after?.part === 'procedures') return;
    let afterName = after?.name ?? '';
    for (;;) {
      const page = this.#connection.all(queries.objects(afterName, until));
      yield* this.#readPage(page, ref, selection, options);
      const last = page.at(-1);
      if (last === undefined || page.length < queries.PAGE_SIZE) return;
      afterName = last.name;
      // The library is synchronous: other work of this process gets its turn between pages.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async cuts(_schema: SchemaRef, size: number): Promise<readonly string[]> {
    return cutsOf([this.#connection.all(queries.objectNames())], size, ({ name }) => name);
  }

  async stillThere(
    ref: SchemaRef,
    entity: 'table' | 'procedure',
    names: readonly string[]
  ): Promise<readonly string[]> {
    if (entity === 'procedure' || ref.schema !== SCHEMA) return [];
    const there = new Set(this.#connection.all(queries.existing(names)).map((row) => row.name));
    return names.filter((name) => there.has(name));
  }

  async scopesStillThere(database: string | undefined, names: readonly string[]): Promise<readonly string[]> {
    // The database's name is a label that the recipe gives; another recipe may use another one.
    return database === undefined ? names : names.filter((name) => name === SCHEMA);
  }

  /** A file has no grants; another file under the same name shows other things. */
  async visibility(): Promise<string> {
    const { dev, ino } = await stat(this.#connection.file);
    return createHash('sha256').update(`${this.#connection.file}\n${dev}:${ino}`).digest('hex').slice(0, 32);
  }

  async close(): Promise<void> {
    this.#connection.close();
  }

  async *#readPage(
    page: readonly ObjectRow[],
    ref: SchemaRef,
    selection: Selection,
    options: MetadataOptions
  ): AsyncGenerator<SourceRecord> {
    const reasons = new Map<string, string>();
    for (const { name, type } of page) {
      const reason = await selection.table(ref.database, ref.schema, name, type === 'view' ? 'view' : 'table');
      if (reason !== undefined) reasons.set(name, reason);
    }
    const selected = page.filter(({ name }) => !reasons.has(name) && !queries.isBrokenName(name));
    const { rows, broken } = this.#rowsOf(selected);
    for (const object of page) {
      const { name } = object;
      const reason = reasons.get(name);
      const message = queries.isBrokenName(name) ? 'Its name is not UTF-8. Rename it.' : broken.get(name);
      if (reason !== undefined) yield { kind: 'unselected', entity: 'table', name, reason };
      else if (message !== undefined) yield { kind: 'problem', entity: 'table', name, message };
      else yield buildTable(object, rows, ref.schema, options);
    }
  }

  /**
   * Three statements for all of them; when a view among them is broken, its columns are asked one view at a time to
   * find which.
   */
  #rowsOf(objects: readonly ObjectRow[]): { rows: PageRows; broken: ReadonlyMap<string, string> } {
    const names = objects.map((object) => object.name);
    const broken = new Map<string, string>();
    const columns = this.#columnsOf(objects, broken);
    for (const { tableName, name } of columns)
      if (queries.isBrokenName(name)) broken.set(tableName, `The name of its column ${name} is not UTF-8. Rename it.`);
    const uniqueKeys = this.#connection.all(queries.uniqueKeys(names));
    const references = this.#connection.all(queries.references(names));
    return {
      broken,
      rows: {
        columns: groupByTable(columns),
        uniqueKeys: groupByTable(uniqueKeys),
        references: groupByTable(references),
      },
    };
  }

  #columnsOf(objects: readonly ObjectRow[], broken: Map<string, string>): queries.ColumnRow[] {
    try {
      return this.#connection.all(queries.columns(objects.map((object) => object.name)));
    } catch (error) {
      if (objects.length > 1) return objects.flatMap((object) => this.#columnsOf([object], broken));
      const [object] = objects;
      if (object?.type !== 'view' && object?.type !== 'virtual') throw error;
      broken.set(object.name, error instanceof Error ? error.message : String(error));
      return [];
    }
  }
}

/** The name given to the one database. */
function databaseOf(config: SqliteConnectionConfig): string {
  return config.database === undefined || config.database === '' ? DEFAULT_DATABASE : config.database;
}

function groupByTable<Row extends { readonly tableName: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.tableName);
    if (group === undefined) groups.set(row.tableName, [row]);
    else group.push(row);
  }
  return groups;
}
