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
import type { SnowflakeConnectionConfig } from './config.js';
import { openConnection, type Identity } from './session/connection.js';
import type { Driver } from './session/driver.js';
import { cutsOf } from '../name-cuts.js';
import { tableNames } from './catalog/queries.js';
import { databasesStillThere, routinesStillThere, schemasStillThere, tablesStillThere } from './catalog/existence.js';
import { snowflakeDoubts } from './catalog/doubts.js';
import { findName } from './catalog/identifiers.js';
import { readRoutines } from './catalog/routines.js';
import { readScopes } from './catalog/scopes.js';
import type { Session } from './session/session.js';
import { sourceUrls, type UrlPlace } from './catalog/source-url.js';
import { readTables } from './catalog/tables.js';
import { TagReader } from './catalog/tags.js';
import { readSight } from './catalog/visibility.js';

/**
 * Metadata over one session for all databases: every name is sent fully qualified, so nothing depends on a current
 * database.
 */
export class SnowflakeMetadata implements MetadataSource {
  readonly #session: Session;
  readonly #identity: Identity;
  readonly #config: SnowflakeConnectionConfig;
  readonly #sourceUrl: (place: UrlPlace) => string | undefined;

  constructor(session: Session, identity: Identity, config: SnowflakeConnectionConfig) {
    this.#session = session;
    this.#identity = identity;
    this.#config = config;
    this.#sourceUrl = sourceUrls(config.snowflakeSourceHost, identity);
  }

  async *scopes(selection: Selection, options?: Pick<MetadataOptions, 'includeTags'>): AsyncGenerator<SourceScope> {
    yield* readScopes({
      session: this.#session,
      config: this.#config,
      role: this.#identity.role,
      selection,
      includeTags: options?.includeTags ?? true,
      sourceUrl: this.#sourceUrl,
    });
  }

  async *read(
    schema: SchemaRef,
    selection: Selection,
    options: MetadataOptions,
    after?: ReadPosition,
    until?: string
  ): AsyncGenerator<SourceRecord> {
    const common = {
      session: this.#session,
      config: this.#config,
      schema,
      selection,
      options,
      sourceUrl: this.#sourceUrl,
    };
    const tags = options.includeTags
      ? new TagReader(this.#session, this.#config.accountUsageSchema, schema)
      : undefined;
    try {
      if (after?.part !== 'procedures') {
        const names = {
          ...(after === undefined ? {} : { after: after.name }),
          ...(until === undefined ? {} : { until }),
        };
        yield* readTables({ ...common, names, tags });
      }
      if (!options.includeStoredProcedures || until !== undefined) return;
      yield* readRoutines({ ...common, after: after?.part === 'procedures' ? after.name : undefined, tags });
    } finally {
      await tags?.close();
    }
  }

  cuts(schema: SchemaRef, size: number): Promise<readonly string[]> {
    return cutsOf(this.#session.batches(tableNames(schema)), size, (row) => row.text('TABLE_NAME'));
  }

  stillThere(schema: SchemaRef, entity: 'table' | 'procedure', names: readonly string[]): Promise<readonly string[]> {
    return entity === 'table'
      ? tablesStillThere(this.#session, schema, names)
      : routinesStillThere(this.#session, this.#config.accountUsageSchema, schema, names);
  }

  async scopesStillThere(database: string | undefined, names: readonly string[]): Promise<readonly string[]> {
    if (database !== undefined) return schemasStillThere(this.#session, database, names);
    // A recipe of one database knows nothing of the others, which its role need not see.
    const wanted = this.#config.database;
    const others = wanted === undefined ? [] : names.filter((name) => findName(wanted, [name]) === undefined);
    const asked = names.filter((name) => !others.includes(name));
    return [...others, ...(await databasesStillThere(this.#session, asked))];
  }

  async doubts(scope: ScopeRef, entity: SourceEntity, names: readonly string[]): Promise<readonly Doubt[]> {
    const { accountUsageSchema } = this.#config;
    const sight = await readSight(this.#session, this.#identity);
    const input = { session: this.#session, sight, role: this.#identity.role, accountUsageSchema };
    return snowflakeDoubts(input, scope, entity, names);
  }

  async rights(): Promise<readonly ScopeRights[] | undefined> {
    return (await readSight(this.#session, this.#identity)).rights;
  }

  async visibility(): Promise<string> {
    return (await readSight(this.#session, this.#identity)).fingerprint;
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}

/**
 * Logs in for metadata.
 * @param driver a stand-in for snowflake-sdk
 * @throws AuthenticationError, PermanentError or TransientError
 */
export async function openSnowflakeMetadata(
  config: SnowflakeConnectionConfig,
  context: SourceContext,
  driver?: Driver
): Promise<SnowflakeMetadata> {
  const { session, identity } = await openConnection(config, context, driver);
  return new SnowflakeMetadata(session, identity, config);
}
