import { AuthenticationError, PermanentError } from '../../errors/index.js';
import { DatabaseSessions } from '../common/database-sessions.js';
import { foundNames, schemaScopes } from '../common/schema-scopes.js';
import { cutsOf } from '../name-cuts.js';
import type { SourceRecord, SourceScope } from '../records.js';
import type { MetadataOptions, MetadataSource, ReadPosition, SchemaRef, Selection, SourceContext } from '../source.js';
import { buildTable, isView } from './build-table.js';
import type { PostgresConnectionConfig } from './config.js';
import { DATABASES, existing, SCHEMAS, schemasNamed, tableNames, tables, TYPES, type DatabaseRow } from './queries.js';
import { readRoutines } from './routine-reader.js';
import { PostgresSession } from './session.js';
import { postgresSettings } from './settings.js';

/** Opens a connection to the recipe's database; those to other databases are opened when these are read. */
export async function openPostgresMetadata(
  config: PostgresConnectionConfig,
  context: SourceContext
): Promise<MetadataSource> {
  const settings = await postgresSettings(config);
  const sessions = new DatabaseSessions((database) => PostgresSession.open(settings, context, database));
  sessions.give(await sessions.take(config.database));
  return new PostgresMetadata(config, sessions);
}

class PostgresMetadata implements MetadataSource {
  constructor(
    private readonly config: PostgresConnectionConfig,
    private readonly sessions: DatabaseSessions<PostgresSession>
  ) {}

  async *scopes(
    selection: Selection,
    { includeOwners = false }: Pick<MetadataOptions, 'includeOwners'> = {}
  ): AsyncGenerator<SourceScope> {
    for (const row of await this.#databases()) {
      const database = row.name;
      const left = { kind: 'unselected', entity: 'database', database } as const;
      const reason = await selection.database(database);
      if (reason !== undefined) yield { ...left, reason };
      else if (!row.open) yield { ...left, reason: 'it takes no connections (datallowconn)' };
      else yield* this.#scopesOf(row, selection, includeOwners);
    }
  }

  async *read(
    ref: SchemaRef,
    selection: Selection,
    options: MetadataOptions,
    after?: ReadPosition,
    until?: string
  ): AsyncGenerator<SourceRecord> {
    const session = await this.sessions.take(ref.database);
    try {
      if (after?.part !== 'procedures') {
        const names = { after: after?.name ?? '', until };
        yield* this.#readTables(session, ref, selection, options, names);
      }
      if (options.includeStoredProcedures && until === undefined) {
        const behind = after?.part === 'procedures' ? after.name : '';
        yield* readRoutines(session, ref, selection, options, behind);
      }
      // the catalogue of a schema that is gone is empty, without an error: it must not be taken for an empty schema
      const [there] = await session.query(schemasNamed([ref.schema]));
      if (there !== undefined) return;
    } finally {
      this.sessions.give(session);
    }
    throw new PermanentError(`Schema ${ref.schema} is not there any more.`, {
      where: `${ref.database}.${ref.schema}`,
      remedy: 'Run again.',
    });
  }

  async cuts({ database, schema }: SchemaRef, size: number): Promise<readonly string[]> {
    return this.sessions.use(database, (session) => cutsOf(session.rows(tableNames(schema)), size, ({ name }) => name));
  }

  async stillThere(
    { database, schema }: SchemaRef,
    entity: 'table' | 'procedure',
    names: readonly string[]
  ): Promise<readonly string[]> {
    if (names.length === 0) return [];
    const rows = await this.sessions.use(database, (session) => session.query(existing(schema, entity, names)));
    return foundNames(names, rows);
  }

  async scopesStillThere(database: string | undefined, names: readonly string[]): Promise<readonly string[]> {
    const rows =
      database === undefined
        ? await this.sessions.use(this.config.database, (session) => session.query(DATABASES))
        : await this.sessions.use(database, (session) => session.query(schemasNamed(names)));
    return foundNames(names, rows);
  }

  /** Whoever may connect sees all of pg_catalog: a lost grant hides nothing, it makes reading fail. */
  async visibility(): Promise<string> {
    return 'pg_catalog';
  }

  async close(): Promise<void> {
    await this.sessions.close();
  }

  async #databases(): Promise<readonly DatabaseRow[]> {
    const rows = await this.sessions.use(this.config.database, (session) => session.query(DATABASES));
    return this.config.ingestAllDatabases ? rows : rows.filter(({ name }) => name === this.config.database);
  }

  async *#scopesOf(
    { name: database, comment, owner }: DatabaseRow,
    selection: Selection,
    includeOwners: boolean
  ): AsyncGenerator<SourceScope> {
    let rows;
    try {
      rows = await this.sessions.use(database, (session) => session.query(SCHEMAS));
    } catch (error) {
      if (!(error instanceof PermanentError || error instanceof AuthenticationError)) throw error;
      yield { kind: 'problem', entity: 'database', database, message: error.describe() };
      return;
    }
    const owned = includeOwners ? { owner } : {};
    yield { kind: 'database', name: database, ...(comment === null ? {} : { description: comment }), ...owned };
    yield* schemaScopes(database, rows, selection, { includeOwners });
    if (database !== this.config.database) await this.sessions.leave(database);
  }

  async *#readTables(
    session: PostgresSession,
    { database, schema }: SchemaRef,
    selection: Selection,
    options: MetadataOptions,
    names: { readonly after: string; readonly until: string | undefined }
  ): AsyncGenerator<SourceRecord> {
    const types = new Map((await session.query(TYPES)).map((type) => [type.oid, type]));
    const { includeDDL, includeOwners = false } = options;
    const frame = { schema, types, classification: this.config.classificationName, includeDDL, includeOwners };
    for await (const batch of session.rows(tables(schema, names, options))) {
      for (const row of batch) {
        const reason = await selection.table(database, schema, row.name, isView(row) ? 'view' : 'table');
        yield reason === undefined
          ? buildTable(row, frame)
          : { kind: 'unselected', entity: 'table', name: row.name, reason };
      }
    }
  }
}
