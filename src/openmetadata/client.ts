import { BulkPut } from './api/bulk-put.js';
import { ContainersApi } from './api/containers.js';
import { EntitiesApi } from './api/entities-api.js';
import { LineageApi } from './api/lineage.js';
import { PipelinesApi, ProgressApi } from './api/pipelines.js';
import { ProfilesApi } from './api/profiles.js';
import { QueriesApi } from './api/queries.js';
import { QueryCostsApi } from './api/query-costs.js';
import { RunLogsApi } from './api/run-logs.js';
import { SearchApi } from './api/search.js';
import { ServicesApi } from './api/services.js';
import { SystemApi } from './api/system.js';
import { ClassificationsApi, TagsApi } from './api/tags.js';
import { TestsApi } from './api/tests.js';
import { UsageApi } from './api/usage.js';
import { TeamsApi } from './api/teams.js';
import { UsersApi } from './api/users.js';
import type { EntityKind } from './entities/index.js';
import { HttpTransport, type TransportOptions } from './http/http-transport.js';
import type { Transport } from './http/transport.js';

export type ClientOptions = TransportOptions;

/** One server, all API families. Safe to share between concurrent callers; close it when done. */
export class OpenMetadataClient {
  readonly system: SystemApi;
  readonly services: ServicesApi;
  readonly databases: EntitiesApi<'databases'>;
  readonly schemas: EntitiesApi<'databaseSchemas'>;
  readonly tables: EntitiesApi<'tables'>;
  readonly procedures: EntitiesApi<'storedProcedures'>;
  readonly containers: ContainersApi;
  readonly classifications: ClassificationsApi;
  readonly tags: TagsApi;
  readonly pipelines: PipelinesApi;
  readonly progress: ProgressApi;
  readonly runLogs: RunLogsApi;
  readonly lineage: LineageApi;
  readonly queries: QueriesApi;
  readonly queryCosts: QueryCostsApi;
  readonly usage: UsageApi;
  readonly teams: TeamsApi;
  readonly users: UsersApi;
  readonly search: SearchApi;
  readonly tests: TestsApi;
  readonly profiles: ProfilesApi;
  readonly #transport: Transport;
  readonly #bulk: BulkPut;

  /** @throws PermanentError when hostPort or the CA file can't be used */
  constructor(options: ClientOptions | { readonly transport: Transport }) {
    const transport = 'transport' in options ? options.transport : new HttpTransport(options);
    const bulk = new BulkPut(transport);
    this.#transport = transport;
    this.#bulk = bulk;
    this.system = new SystemApi(transport);
    this.services = new ServicesApi(transport);
    this.databases = this.entities('databases');
    this.schemas = this.entities('databaseSchemas');
    this.tables = this.entities('tables');
    this.procedures = this.entities('storedProcedures');
    this.containers = new ContainersApi(transport);
    this.classifications = new ClassificationsApi(transport);
    this.tags = new TagsApi(transport);
    this.pipelines = new PipelinesApi(transport);
    this.progress = new ProgressApi(transport);
    this.runLogs = new RunLogsApi(transport);
    this.lineage = new LineageApi(transport);
    this.queries = new QueriesApi(transport, bulk);
    this.queryCosts = new QueryCostsApi(transport);
    this.usage = new UsageApi(transport);
    this.teams = new TeamsApi(transport);
    this.users = new UsersApi(transport);
    this.search = new SearchApi(transport);
    this.tests = new TestsApi(transport);
    this.profiles = new ProfilesApi(transport);
  }

  /** The calls of one collection by its name in the REST paths. */
  entities<K extends EntityKind>(kind: K): EntitiesApi<K> {
    return new EntitiesApi(kind, this.#transport, this.#bulk);
  }

  /** Waits for running calls and closes the connections. */
  async close(): Promise<void> {
    await this.#transport.close?.();
  }
}
