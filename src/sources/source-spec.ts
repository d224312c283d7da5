import type { z } from 'zod';
import type { Dialect } from '../sql/index.js';
import type { DatabaseServiceType } from '../openmetadata/index.js';
import type { MeasureOptions, MeasureSource } from './measures.js';
import type { CheckOptions, CheckResult, MetadataSource, Selection, SourceContext } from './source.js';
import type { QueryLogOptions, QueryLogSource, UsageLogOptions, UsageLogSource } from './query-log.js';

/** How an engine stores a name that is written without quotes. */
export type NameFolding = (typeof NAME_FOLDINGS)[number];
export const NAME_FOLDINGS = ['upper', 'lower', 'as-written'] as const;

/** What a connector can do besides reading metadata. */
export const SOURCE_FEATURES = [
  /** It opens and checks a query log: lineage of queries. */
  'query-log',
  /** It opens and checks the same log for usage. */
  'usage-log',
  /** It counts the queries of usage runs itself, all of them: no `resultLimit`. */
  'usage-counted',
  /** Its query log knows which procedure ran a statement: lineage of procedures. */
  'procedure-queries',
  /** `incremental` of DatabaseMetadata: it reads only what changed. */
  'incremental',
  /** It measures rows: profiler, data quality. */
  'measures',
  /** Its percentiles are estimates, which cost less, unless exact ones are asked for (`exactPercentiles`). */
  'approximate-percentiles',
  /** It can estimate distinct values (`approximateDistinct`). */
  'approximate-distinct',
  /** `samplingMethodType`: its tables can be sampled by rows or by blocks. */
  'sampling-methods',
  /** It has no hash functions: when tables are compared, this program hashes its rows. */
  'rows-hashed-here',
  'tags',
  /** `includeOwners`: it knows who owns databases, schemas, tables and routines. */
  'owners',
  'procedures',
] as const;

export type SourceFeature = (typeof SOURCE_FEATURES)[number];

/** A step of OpenMetadata's connection test, as the local catalog serves it. */
export interface ConnectionTestStep {
  readonly name: string;
  readonly description: string;
  readonly mandatory: boolean;
  /** A failure makes the steps after it pointless. */
  readonly shortCircuit?: true;
}

/** A key of serviceConnection.config that earlier documentation shows at another place. Paths within the config. */
export interface MovedKey {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/**
 * A connector as data. Nothing here needs a driver: recipes are checked, names folded and docs made without loading
 * one. `defineSource` makes of it what `registry.ts` lists and what `createWorker({ sources })` takes.
 */
export interface SourceSpec<Config> {
  /** `source.type`, in lower case: `mysql`. */
  readonly type: string;
  /** OpenMetadata's serviceType: `Mysql`; `CustomDatabase` for an engine that OpenMetadata doesn't know. */
  readonly serviceType: DatabaseServiceType;
  /** Its SQL dialect; `ansi` for an engine of none of them. */
  readonly dialect: Dialect;
  readonly unquotedNames: NameFolding;
  /** The model of serviceConnection.config, its secrets marked by `secretLeaf`. */
  readonly connection: z.ZodType<Config>;
  readonly supports: readonly SourceFeature[];
  /**
   * Types that its engine measures more of than others do, by OpenMetadata's name: `time` smallest and largest values,
   * `counts` distinct ones.
   */
  readonly measured?: Readonly<Record<string, 'time' | 'counts'>>;
  /** Most rows of a sample by their number; absent where the engine takes any. A larger one takes so many. */
  readonly mostSampleRows?: number;
  /** `MeasureDialect.changing` where no driver is loaded: when a recipe is checked. */
  readonly changing?: RegExp;
  /** `MeasureDialect.backslashIn`, likewise. */
  readonly backslashIn?: string;
  /**
   * Whether a statement that its log calls by this kind is a use of tables: what its usage log leaves out is left out
   * of a file with rows of that log. Absent: each is.
   */
  readonly countsAsUse?: (text: string, queryType: string) => boolean;
  readonly connectionTest: readonly ConnectionTestStep[];
  /**
   * Reads connectionOptions and connectionArguments when a recipe is checked; the result is not used.
   * @throws PermanentError for one that the connector doesn't take
   */
  readonly driverArguments?: (
    options: Readonly<Record<string, unknown>> | undefined,
    driverArguments: Readonly<Record<string, unknown>> | undefined
  ) => unknown;
  readonly movedKeys?: readonly MovedKey[];
  /** Keys that have no effect in a connection like this one, and why: `validate` warns. Secrets are references. */
  readonly idleKeys?: (config: Config) => Readonly<Record<string, string>>;
  /** URL schemes that its engine writes otherwise than storage services do: `{gcs: 'gs'}`. */
  readonly locationSchemes?: Readonly<Record<string, string>>;
  /**
   * Where an account or a server bounds sessions: what they are counted against, and how many one activity may hold;
   * `least`: how many it makes do with when `SourceContext.mostSessions` allows no more. Default: `each`.
   */
  readonly sessions?: SourceSessions<Config>;
  /** Imports what needs the driver. Called when a connection is first opened. */
  readonly load: () => Promise<Connector<Config>>;
}

export interface SourceSessions<Config> {
  readonly sharedBy: (config: Config) => string;
  readonly each: number;
  readonly least?: number;
  /** How many an activity may hold that measures tables. Default: `each`. */
  readonly measuring?: number;
}

/** The part of a connector that talks to the source. Configs have their secrets resolved. */
export interface Connector<Config> {
  /** Opens a connection. @throws AuthenticationError, PermanentError or TransientError */
  readonly openMetadata: (config: Config, context: SourceContext) => Promise<MetadataSource>;
  /**
   * Every step, mandatory ones first; the connection itself is the first.
   * @param selection of a run: what it leaves out needs no rights. Default: everything
   */
  readonly check: (
    config: Config,
    context: SourceContext,
    options: CheckOptions,
    selection?: Selection
  ) => AsyncIterable<CheckResult>;
  /** Opens the query log; there when the spec supports `query-log`. Errors as `openMetadata`. */
  readonly openQueryLog?: (config: Config, context: SourceContext) => Promise<QueryLogSource>;
  /** Opens what measures rows; there when the spec supports `measures`. Errors as `openMetadata`. */
  readonly openMeasures?: (config: Config, context: SourceContext, options: MeasureOptions) => Promise<MeasureSource>;
  /** What a run needs of the query log, as `check`; there where `openQueryLog` is. */
  readonly checkQueryLog?: (
    config: Config,
    context: SourceContext,
    options: QueryLogOptions
  ) => AsyncIterable<CheckResult>;
  /** Opens the query log for usage; there when the spec supports `usage-log`. Errors as `openMetadata`. */
  readonly openUsageLog?: (config: Config, context: SourceContext) => Promise<UsageLogSource>;
  /** What a usage run needs of it, as `check`; there where `openUsageLog` is. */
  readonly checkUsageLog?: (
    config: Config,
    context: SourceContext,
    options: UsageLogOptions
  ) => AsyncIterable<CheckResult>;
}
