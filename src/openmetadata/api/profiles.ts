import { z } from 'zod';
import type { CreateTableProfileRequest, TableProfile } from '../entities/table-profile.js';
import { encodeFqnInPath } from '../fqn.js';
import { exactJson } from '../http/exact-json.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { childColumn } from '../sensitive-columns.js';
import { maybe, maybeList, readAnswer } from './answer-shape.js';
import { getIfThere } from './get-if-there.js';
import { listPages } from './pages.js';

const tag = z.object({ tagFQN: z.string() });
const customMetric = z.object({ name: z.string(), expression: z.string(), columnName: maybe(z.string()) });

const column = z.object({
  name: z.string(),
  dataType: z.string(),
  dataTypeDisplay: maybe(z.string()),
  tags: maybeList(tag),
  children: maybeList(childColumn),
  customMetrics: maybeList(customMetric),
});

const knownOperation = z.object({
  timestamp: z.number(),
  operation: maybe(z.string()),
  rowsAffected: maybe(z.number()),
});

/** One of a table's system profile, as the server has it. */
export type KnownOperation = z.infer<typeof knownOperation>;

const sampleConfig = z.object({ sampleConfigType: maybe(z.string()), config: maybe(z.looseObject({})) });

/**
 * What is stored for the profiler of a table, a schema or a database; the server may have more keys than are read here.
 */
export const profilerConfigRecord = z.object({
  sampleDataCount: maybe(z.number()),
  profileQuery: maybe(z.string()),
  excludeColumns: maybe(z.array(z.string())),
  includeColumns: maybe(z.array(z.object({ columnName: z.string(), metrics: maybe(z.array(z.string())) }))),
  partitioning: maybe(z.looseObject({})),
  computeTableMetrics: maybe(z.boolean()),
  computeColumnMetrics: maybe(z.boolean()),
  randomizedSample: maybe(z.boolean()),
  profileSample: maybe(z.number()),
  profileSampleType: maybe(z.string()),
  samplingMethodType: maybe(z.string()),
  profileSampleConfig: maybe(sampleConfig),
});

const profiledTable = z.object({
  id: z.string(),
  name: z.string(),
  fullyQualifiedName: z.string(),
  tableType: maybe(z.string()),
  tags: maybeList(tag),
  columns: maybeList(column),
  customMetrics: maybeList(customMetric),
  tableProfilerConfig: maybe(profilerConfigRecord),
  usageSummary: maybe(z.object({ weeklyStats: maybe(z.object({ count: z.number() })) })),
});

const container = z.object({
  id: z.string(),
  name: z.string(),
  fullyQualifiedName: z.string(),
  databaseProfilerConfig: maybe(profilerConfigRecord),
  databaseSchemaProfilerConfig: maybe(profilerConfigRecord),
});

const settings = z.object({
  config_value: maybe(
    z.object({
      metricConfiguration: maybeList(
        z.object({ dataType: maybe(z.string()), metrics: maybe(z.array(z.string())), disabled: maybe(z.boolean()) })
      ),
      sampleDataConfig: maybe(z.object({ storeSampleData: maybe(z.boolean()), readSampleData: maybe(z.boolean()) })),
    })
  ),
});

export type ProfiledTableRecord = z.infer<typeof profiledTable>;
export type ProfilerConfigRecord = z.infer<typeof profilerConfigRecord>;
export type ProfilerContainerRecord = z.infer<typeof container>;
export type ProfilerSettings = NonNullable<z.infer<typeof settings>['config_value']>;

const TABLE_FIELDS = 'columns,tags,customMetrics,tableProfilerConfig,usageSummary';
const PAGE = 100;
/** A pattern in the query string that the server matches; see `regexMode`. */
export interface RegexQuery {
  readonly regex: string;
  readonly mode: 'include' | 'exclude';
  readonly byFqn: boolean;
}

/** The calls that a profiler makes. */
export class ProfilesApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  databases(
    service: string,
    options?: CallOptions
  ): AsyncGenerator<readonly ProfilerContainerRecord[], void, undefined> {
    const query = { service, fields: 'databaseProfilerConfig', limit: PAGE };
    return listPages(this.#transport, '/databases', container, query, options);
  }

  schemas(
    database: string,
    options?: CallOptions
  ): AsyncGenerator<readonly ProfilerContainerRecord[], void, undefined> {
    const query = { database, fields: 'databaseSchemaProfilerConfig', limit: PAGE };
    return listPages(this.#transport, '/databaseSchemas', container, query, options);
  }

  /**
   * @param pattern of the tables' names, which the server filters by; one that doesn't know the parameter returns all
   */
  tables(
    schema: string,
    pattern: RegexQuery | undefined,
    options?: CallOptions
  ): AsyncGenerator<readonly ProfiledTableRecord[], void, undefined> {
    const regex =
      pattern === undefined
        ? {}
        : { tableRegex: pattern.regex, regexMode: pattern.mode, regexFilterByFqn: String(pattern.byFqn) };
    const query = { databaseSchema: schema, fields: TABLE_FIELDS, limit: PAGE, ...regex };
    return listPages(this.#transport, '/tables', profiledTable, query, { ...options, keepsDigits: true });
  }

  /** Undefined for a table that doesn't exist. */
  async table(fqn: string, { signal }: CallOptions = {}): Promise<ProfiledTableRecord | undefined> {
    const path = `/tables/name/${encodeFqnInPath(fqn)}`;
    const query = { fields: TABLE_FIELDS };
    return getIfThere(this.#transport, path, profiledTable, { query, signal, keepsDigits: true });
  }

  /** The server's own settings; undefined if none are stored. */
  async settings({ signal }: CallOptions = {}): Promise<ProfilerSettings | undefined> {
    const path = '/system/settings/profilerConfiguration';
    const { status, body } = await this.#transport.request('GET', path, { signal, accept: [404] });
    if (status === 404 || body === undefined || body === null || body === '') return undefined;
    return readAnswer(settings, body, `GET /v1${path}`).config_value;
  }

  /** True when the table has a profile at exactly this time: putting it again would add another. */
  async hasProfile(fqn: string, timestamp: number, { signal }: CallOptions = {}): Promise<boolean> {
    const path = `/tables/${encodeFqnInPath(fqn)}/tableProfile`;
    const query = { startTs: timestamp, endTs: timestamp, limit: 1 };
    const model = z.object({ data: z.array(z.object({ timestamp: z.number() })) });
    const answer = await getIfThere(this.#transport, path, model, { query, signal });
    return answer?.data.some((each) => each.timestamp === timestamp) === true;
  }

  /** Milliseconds of the newest profile; undefined for a table without one. */
  async latestProfile(fqn: string, { signal }: CallOptions = {}): Promise<number | undefined> {
    const path = `/tables/${encodeFqnInPath(fqn)}/tableProfile/latest`;
    const model = z.object({ profile: maybe(z.object({ timestamp: z.number() })) });
    return (await getIfThere(this.#transport, path, model, { signal }))?.profile?.timestamp;
  }

  /** The newest profile of a table as a whole; undefined for a table without one. */
  async newestProfile(fqn: string, { signal }: CallOptions = {}): Promise<TableProfile | undefined> {
    const path = `/tables/${encodeFqnInPath(fqn)}/tableProfile/latest`;
    const model = z.object({ profile: maybe(z.looseObject({ timestamp: z.number() })) });
    return (await getIfThere(this.#transport, path, model, { signal }))?.profile;
  }

  /** What the server has of a table's system profile in a window, its end not included. */
  async systemProfile(
    fqn: string,
    { from, to }: { readonly from: number; readonly to: number },
    { signal }: CallOptions = {}
  ): Promise<readonly KnownOperation[]> {
    const path = `/tables/${encodeFqnInPath(fqn)}/systemProfile`;
    const model = z.object({ data: maybeList(knownOperation) });
    const query = { startTs: from, endTs: to };
    return (await getIfThere(this.#transport, path, model, { query, signal }))?.data ?? [];
  }

  /** Adds a profile. The server would take it twice, so it is only repeated when the table doesn't have it. */
  async putProfile(
    { id, fqn }: { readonly id: string; readonly fqn: string },
    request: CreateTableProfileRequest,
    { signal }: CallOptions = {}
  ): Promise<void> {
    await this.#transport.request('PUT', `/tables/${id}/tableProfile`, {
      json: Buffer.from(exactJson(request)),
      signal,
      arrived: () => this.hasProfile(fqn, request.tableProfile.timestamp, { signal }),
    });
  }

  /** Names of the columns of the rows that the server has of a table. */
  async sampleColumns(tableId: string, { signal }: CallOptions = {}): Promise<readonly string[]> {
    const path = `/tables/${tableId}/sampleData`;
    const model = z.object({ sampleData: maybe(z.object({ columns: maybeList(z.string()) })) });
    return (await getIfThere(this.#transport, path, model, { signal }))?.sampleData?.columns ?? [];
  }

  /** @param data columns and rows as JSON, in which numbers have all their digits */
  async putSampleData(tableId: string, data: string, { signal }: CallOptions = {}): Promise<void> {
    await this.#transport.request('PUT', `/tables/${tableId}/sampleData`, { json: Buffer.from(data), signal });
  }
}
