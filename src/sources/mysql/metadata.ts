import { compareNames } from '../common/binary-order.js';
import { foundNames, schemaScopes } from '../common/schema-scopes.js';
import { IdleSessions } from '../common/idle-sessions.js';
import { cutsOf } from '../name-cuts.js';
import { PermanentError, TransientError } from '../../errors/index.js';
import type { SourceRecord, SourceScope } from '../records.js';
import type {
  Doubt,
  MetadataOptions,
  MetadataSource,
  ReadPosition,
  SchemaRef,
  ScopeRef,
  ScopeRights,
  Selection,
  SourceContext,
  SourceEntity,
} from '../source.js';
import type { MysqlConnectionConfig } from './config.js';
import { fingerprint, readGrants } from './grants.js';
import { existing, nameCase, schemaByName, schemas, tableNames, weights, type SchemaRow } from './queries.js';
import { readRoutines } from './routine-reader.js';
import { readTables, type ReaderSessions } from './schema-reader.js';
import { isAtLeast, type ServerVersion } from './server-version.js';
import { MysqlSession } from './session.js';
import { mysqlSettings, type MysqlSettings } from './settings.js';
import { mysqlDoubts, mysqlRights } from './sight.js';

/** OpenMetadata has databases above schemas, MySQL doesn't: all schemas are under one database of this name. */
export const DEFAULT_DATABASE = 'default';

/** The one for short statements, and three to read a schema's lists side by side. */
const ALL_SESSIONS = 4;

/** Opens the connection for short statements; those for reading are opened by the first read. */
export async function openMysqlMetadata(
  config: MysqlConnectionConfig,
  context: SourceContext
): Promise<MetadataSource> {
  const settings = await mysqlSettings(config);
  const control = await MysqlSession.open(settings, context);
  return new MysqlMetadata(config, settings, context, control);
}

class MysqlMetadata implements MetadataSource {
  readonly #config: MysqlConnectionConfig;
  readonly #settings: MysqlSettings;
  readonly #context: SourceContext;
  readonly #database: string;
  #control: MysqlSession;
  readonly #idle = new IdleSessions<MysqlSession>();

  constructor(config: MysqlConnectionConfig, settings: MysqlSettings, context: SourceContext, control: MysqlSession) {
    this.#config = config;
    this.#settings = settings;
    this.#context = context;
    this.#control = control;
    this.#database = databaseOf(config);
  }

  async *scopes(selection: Selection): AsyncGenerator<SourceScope> {
    const database = this.#database;
    const reason = await selection.database(database);
    if (reason !== undefined) {
      yield { kind: 'unselected', entity: 'database', database, reason };
      return;
    }
    yield { kind: 'database', name: database };
    const listed = await this.#listSchemas();
    const counted = new Map<string, number>();
    for (const row of await this.#control.query(weights())) counted.set(row.name, row.weight);
    const weighed = listed.map((schema) => ({ ...schema, weight: counted.get(schema.name) ?? 0 }));
    yield* schemaScopes(database, weighed, selection);
  }

  async *read(
    ref: SchemaRef,
    selection: Selection,
    options: MetadataOptions,
    after?: ReadPosition,
    until?: string
  ): AsyncGenerator<SourceRecord> {
    if (after?.part !== 'procedures') {
      const names = { after: after?.name ?? '', until };
      const read = { ref, selection, options, names, context: this.#context };
      const sessions = await this.#lend();
      try {
        yield* readTables(await this.#controlSession(), sessions, read);
      } finally {
        const lent = [sessions.tables, sessions.columns, sessions.facts];
        this.#idle.give(...lent.filter((each) => each !== this.#control));
      }
    }
    if (options.includeStoredProcedures && until === undefined) {
      const behind = after?.part === 'procedures' ? after.name : '';
      yield* readRoutines(await this.#controlSession(), ref, selection, behind);
    }
    await this.#assertVisible(ref.schema);
  }

  async cuts({ schema }: SchemaRef, size: number): Promise<readonly string[]> {
    const control = await this.#controlSession();
    return cutsOf(control.rows(tableNames(schema)), size, ({ name }) => name);
  }

  async stillThere(
    ref: SchemaRef,
    entity: 'table' | 'procedure',
    names: readonly string[]
  ): Promise<readonly string[]> {
    if (names.length === 0) return [];
    const control = await this.#controlSession();
    return foundNames(names, await control.query(existing(ref.schema, entity, names)));
  }

  async scopesStillThere(database: string | undefined, names: readonly string[]): Promise<readonly string[]> {
    // the database's name is a label from the recipe: that of another recipe may be in use too
    if (database === undefined) return names;
    const control = await this.#controlSession();
    const rows = await control.query(schemas(false));
    const there = new Set(rows.map((row) => row.name));
    // a recipe for one schema knows nothing about the others, which its user need not see
    const wanted = this.#config.databaseSchema?.toLowerCase() ?? '';
    return names.filter((name) => there.has(name) || (wanted !== '' && name.toLowerCase() !== wanted));
  }

  async doubts(scope: ScopeRef, entity: SourceEntity, names: readonly string[]): Promise<readonly Doubt[]> {
    const control = await this.#controlSession();
    return mysqlDoubts(control.version, await readGrants(control), scope, entity, names);
  }

  async rights(): Promise<readonly ScopeRights[]> {
    return mysqlRights(await readGrants(await this.#controlSession()), this.#database);
  }

  async visibility(): Promise<string> {
    return fingerprint(await readGrants(await this.#controlSession()));
  }

  async close(): Promise<void> {
    await Promise.all([this.#control.close(), this.#idle.close()]);
  }

  /**
   * The catalogue of a schema that is gone or hidden is empty, without an error: it must not be taken for an empty
   * schema.
   */
  async #assertVisible(schema: string): Promise<void> {
    const control = await this.#controlSession();
    const [there] = await control.query(schemaByName(schema));
    if (there !== undefined) return;
    throw new PermanentError(`Schema ${schema} is not there any more, or this user has lost its rights on it.`, {
      where: schema,
      remedy: 'Grant SELECT, SHOW VIEW on it, or run again if it was dropped.',
    });
  }

  /**
   * Idle sessions, and new ones for what is missing. If no more are allowed, by the server or the recipe, one serves
   * all three, which are then read in turn.
   */
  async #lend(): Promise<ReaderSessions> {
    const control = await this.#controlSession();
    const { version } = control;
    const lend = async (): Promise<MysqlSession> =>
      this.#idle.take() ?? (await MysqlSession.open(this.#settings, this.#context, version));
    const { mostSessions = ALL_SESSIONS } = this.#context;
    if (mostSessions < ALL_SESSIONS) {
      const only = mostSessions < 2 ? control : await lend();
      return { tables: only, columns: only, facts: only };
    }
    const opening = [lend(), lend(), lend()] as const;
    try {
      const [tables, columns, facts] = await Promise.all(opening);
      return { tables, columns, facts };
    } catch (error) {
      // if one fails, no other that is still being opened must be left behind
      const opened = (await Promise.allSettled(opening)).flatMap((each) =>
        each.status === 'fulfilled' ? [each.value] : []
      );
      if (!(error instanceof TransientError && error.throttled === true)) {
        this.#idle.give(...opened);
        throw error;
      }
      const [one, ...others] = opened;
      // another unit may be waiting for the surplus
      await Promise.all(others.map((session) => session.close()));
      const only = one ?? control;
      return { tables: only, columns: only, facts: only };
    }
  }

  /** A new one after a lost connection: a retry of one read must not need a new source. */
  async #controlSession(): Promise<MysqlSession> {
    if (!this.#control.usable) this.#control = await MysqlSession.open(this.#settings, this.#context);
    return this.#control;
  }

  async #listSchemas(): Promise<SchemaRow[]> {
    const control = await this.#controlSession();
    const listed = await control.query(schemas(keepsSchemaComments(control.version)));
    listed.sort((left, right) => compareNames(left.name, right.name));
    const wanted = this.#config.databaseSchema;
    if (wanted === undefined || wanted === '') return listed;
    const exact = listed.filter((schema) => schema.name === wanted);
    if (exact.length > 0) return exact;
    const [letters] = await control.query(nameCase());
    const similar = listed.filter((schema) => schema.name.toLowerCase() === wanted.toLowerCase());
    if (letters !== undefined && letters.value !== 0 && similar.length > 0) return similar;
    throw new PermanentError(`Schema ${wanted} is not there, or this user has no right on it.`, {
      where: 'source.serviceConnection.config.databaseSchema',
      remedy:
        similar.length > 0
          ? `Did you mean ${similar.map((schema) => schema.name).join(', ')}? This server tells upper from lower case.`
          : 'Check the name, and grant SELECT, SHOW VIEW on it to the user.',
    });
  }
}

/** The name of the one database. */
export function databaseOf(config: MysqlConnectionConfig): string {
  return config.databaseName === undefined || config.databaseName === '' ? DEFAULT_DATABASE : config.databaseName;
}

function keepsSchemaComments(version: ServerVersion): boolean {
  return version.flavour === 'MariaDB' && isAtLeast(version, 10, 5);
}
