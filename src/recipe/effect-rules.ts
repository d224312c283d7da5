import { factsOf, type WorkflowKind } from '../contract/kinds.js';
import { allSources, type Source, type SourceFeature } from '../sources/index.js';
import { MOST_THREADS, TABLE_METRICS } from './kinds/index.js';
import { isMapping, valueAt, type RecipePath } from './recipe-path.js';
import { opensNoSource, testedService } from './what-it-opens.js';

/** What a rule looks at: a recipe that the model has accepted, without the defaults. */
export interface RuleInput {
  readonly kind: WorkflowKind;
  readonly recipe: Readonly<Record<string, unknown>>;
  /** sourceConfig.config */
  readonly config: Readonly<Record<string, unknown>>;
  /** The connector of source.type, or of the connection that tests of a table are given, if there is one. */
  readonly source: Source | undefined;
}

/** Keys that have an effect in some recipes only. */
interface EffectRule {
  /** Types of sourceConfig.config; absent: all. */
  readonly of?: readonly string[];
  /** Where the keys are; absent: in sourceConfig.config. */
  readonly under?: RecipePath;
  readonly keys: readonly string[];
  /** True: the key is looked for at any depth of `under`. */
  readonly deep?: true;
  /** Why it has none in this recipe; undefined when it has one. */
  readonly why: (input: RuleInput, value: unknown) => string | undefined;
}

const CONFIG: RecipePath = ['source', 'sourceConfig', 'config'];
const OWN: RecipePath = ['workflowConfig', 'config'];
const SINK: RecipePath = ['sink', 'config'];
const SERVER: RecipePath = ['workflowConfig', 'openMetadataServerConfig'];
const LOG_KEYS = ['resultLimit', 'filterCondition', 'queryLogDuration', 'queryLogFilePath'];

/** The one table of keys whose effect depends on the rest of the recipe. A key that never has one: `withoutEffect`. */
export const EFFECT_RULES: readonly EffectRule[] = [
  { under: OWN, keys: ['maxSessions'], why: whyNoSessions },
  {
    of: ['DatabaseMetadata'],
    keys: ['incremental'],
    why: (input, value) =>
      isMapping(value) && value['enabled'] === true
        ? (needs(input, 'incremental', 'reads everything at each run') ??
          (input.recipe['ingestionPipelineFQN'] === undefined
            ? 'without ingestionPipelineFQN, by which the last successful run is found: everything is read'
            : undefined))
        : undefined,
  },
  {
    of: ['DatabaseMetadata'],
    keys: ['storedProcedureFilterPattern'],
    why: (input) =>
      input.config['includeStoredProcedures'] === false
        ? 'includeStoredProcedures is false'
        : needs(input, 'procedures', 'reads no procedures'),
  },
  {
    of: ['Profiler'],
    keys: ['threadCount'],
    why: (_, value) =>
      Number(value) > MOST_THREADS
        ? `above ${MOST_THREADS}: ${MOST_THREADS} tables at the same time are the most`
        : undefined,
  },
  {
    of: ['Profiler'],
    keys: ['metrics'],
    why: ({ recipe }: RuleInput): string | undefined => {
      const profiler = valueAt(recipe, ['processor', 'config', 'profiler']);
      if (!isMapping(profiler)) return undefined;
      const counts = profiler['metrics'] === undefined ? 'the usual ones count, as it names none' : 'its own count';
      return `with processor.config.profiler ${counts}`;
    },
  },
  {
    of: ['TestSuite'],
    under: ['source'],
    keys: ['serviceName'],
    why: ({ config }: RuleInput, value: unknown): string | undefined => {
      const service = testedService(config);
      return service === undefined || service === value
        ? undefined
        : `tests of a table are those of its service, which entityFullyQualifiedName names: ${service}`;
    },
  },
  {
    under: SERVER,
    keys: ['secretsManagerLoader'],
    why: ({ recipe }: RuleInput): string | undefined => {
      const provider = valueAt(recipe, [...SERVER, 'secretsManagerProvider']) ?? 'db';
      return provider === 'db' ? 'secretsManagerProvider is `db`: there is no manager to be read' : undefined;
    },
  },
  {
    of: ['DatabaseMetadata'],
    keys: ['includeOwners'],
    why: ({ source }, value) =>
      source === undefined || value !== true || source.supports.includes('owners')
        ? undefined
        : `${source.type} gives no owners; they are read from ${typesWith('owners')}`,
  },
  {
    of: ['Profiler'],
    under: [...OWN, 'profiler'],
    keys: ['exactPercentiles'],
    why: (input) => needs(input, 'approximate-percentiles', 'has exact percentiles always'),
  },
  {
    of: ['Profiler'],
    under: [...OWN, 'profiler'],
    keys: ['approximateDistinct'],
    why: (input) => needs(input, 'approximate-distinct', 'counts distinct values exactly'),
  },
  ...[CONFIG, ['processor', 'config']].map((under): EffectRule => ({
    of: ['Profiler', 'TestSuite'],
    under,
    keys: ['samplingMethodType'],
    deep: true,
    why: (input) => needs(input, 'sampling-methods', 'has one way to sample'),
  })),
  {
    of: ['Profiler'],
    under: ['processor', 'config'],
    keys: ['columnConfig'],
    deep: true,
    why: whyNoColumns,
  },
  ...[CONFIG, ['processor', 'config', 'profiler']].map((under): EffectRule => ({
    of: ['Profiler'],
    under,
    keys: ['metrics'],
    why: (input, value) =>
      Array.isArray(value) && value.some((name) => TABLE_METRICS.includes(String(name)))
        ? undefined
        : whyNoColumns(input),
  })),
  {
    of: ['DatabaseUsage'],
    under: ['processor'],
    keys: ['config'],
    why: (_, value) => (isMapping(value) && Object.keys(value).length === 0 ? undefined : 'the step has no settings'),
  },
  {
    under: SINK,
    keys: ['bulk_sink_batch_size'],
    why: ({ kind }) => (factsOf(kind).service === 'made' ? undefined : 'runs of this kind send no entities in batches'),
  },
  {
    of: ['DatabaseLineage', 'DatabaseUsage', 'Profiler'],
    under: SINK,
    keys: ['async_pipeline_workers'],
    why: () => 'runs of this kind bound their requests themselves',
  },
  {
    under: SERVER,
    keys: ['storeServiceConnection', 'forceEntityOverwriting'],
    why: ({ kind }) => (factsOf(kind).service === 'made' ? undefined : "runs of this kind don't write the service"),
  },
  {
    under: [...SERVER, 'sslConfig'],
    keys: ['caCertificate'],
    why: ({ recipe }: RuleInput): string | undefined => {
      const verify = valueAt(recipe, [...SERVER, 'verifySSL']);
      if (verify === 'validate') return undefined;
      return verify === 'ignore'
        ? 'verifySSL is `ignore`'
        : 'verifySSL is `no-ssl`: the authorities of the system are trusted. Write `validate`';
    },
  },
  {
    under: [...SERVER, 'sslConfig'],
    keys: ['sslCertificate', 'sslKey'],
    why: ({ recipe }: RuleInput): string | undefined => {
      const address = valueAt(recipe, [...SERVER, 'hostPort']);
      return /^http:/i.test(String(address)) ? "hostPort isn't an https address" : undefined;
    },
  },
  {
    of: ['DatabaseLineage', 'DatabaseUsage'],
    keys: ['resultLimit', 'filterCondition', 'queryLogDuration'],
    why: ({ config }) =>
      config['queryLogFilePath'] === undefined ? undefined : 'all rows of the files of queryLogFilePath are read',
  },
  {
    of: ['DatabaseLineage'],
    keys: [...LOG_KEYS, 'processStoredProcedureLineage', 'storedProcedureFilterPattern'],
    why: ({ config }) => (config['processQueryLineage'] === false ? 'processQueryLineage is false' : undefined),
  },
  {
    of: ['DatabaseLineage'],
    keys: ['storedProcedureFilterPattern'],
    why: ({ config }) =>
      config['processStoredProcedureLineage'] === false ? 'processStoredProcedureLineage is false' : undefined,
  },
  {
    of: ['DatabaseLineage'],
    keys: ['processStoredProcedureLineage', 'storedProcedureFilterPattern'],
    why: (input) =>
      input.config['queryLogFilePath'] === undefined
        ? needs(input, 'procedure-queries', "has a log that doesn't say which procedure ran a query")
        : "queries in files don't say which procedure ran them",
  },
  {
    of: ['DatabaseUsage'],
    keys: ['resultLimit'],
    why: ({ source }) =>
      source?.supports.includes('usage-counted') === true
        ? `${source.type} counts its queries itself, all of them`
        : undefined,
  },
  {
    of: ['DatabaseLineage'],
    keys: ['overrideViewLineage', 'incrementalLineageProcessing'],
    why: ({ config }) => (config['processViewLineage'] === false ? 'processViewLineage is false' : undefined),
  },
  {
    of: ['DatabaseLineage'],
    keys: ['crossDatabaseServiceNames'],
    why: ({ config }) =>
      config['processCrossDatabaseLineage'] === true ? undefined : "processCrossDatabaseLineage isn't true",
  },
  {
    of: ['DatabaseLineage'],
    keys: ['processQueryLineage', ...LOG_KEYS],
    why: (input, value) =>
      value === false || input.config['queryLogFilePath'] !== undefined || input.config['processQueryLineage'] === false
        ? undefined
        : needs(input, 'query-log', 'has no query log, and queryLogFilePath names no other'),
  },
  {
    under: ['source'],
    keys: ['serviceConnection'],
    why: ({ kind, config }) =>
      severalSources(kind) && config['entityFullyQualifiedName'] === undefined
        ? 'a logical suite has no service of its own; name each in sourceConfig.config.serviceConnections'
        : undefined,
  },
];

function whyNoColumns({ config }: RuleInput): string | undefined {
  return config['computeColumnMetrics'] === false ? 'computeColumnMetrics is false' : undefined;
}

/** Data quality: its recipes are of no one connector. */
function severalSources(kind: WorkflowKind): boolean {
  return factsOf(kind).sourceType !== undefined;
}

/** As `sharedLoads` decides it. */
function whyNoSessions({ kind, config, source }: RuleInput): string | undefined {
  if (severalSources(kind)) return 'runs of this kind open several sources, whose sessions are not shared out';
  if (source === undefined || opensNoSource(config)) return 'the run opens no source';
  return source.sessions === undefined ? `${source.type} has no sessions that runs share` : undefined;
}

/** @param instead what a source without the feature does */
function needs({ source }: RuleInput, feature: SourceFeature, instead: string): string | undefined {
  if (source === undefined || source.supports.includes(feature)) return undefined;
  const others = typesWith(feature);
  return `${source.type} ${instead}${others === '' ? '' : `; it has an effect for ${others}`}`;
}

function typesWith(feature: SourceFeature): string {
  const able = allSources().filter(({ supports }) => supports.includes(feature));
  return able.map(({ type }) => type).join(', ');
}

/** Where a rule's keys are written. */
export function placesOf(
  { under = CONFIG, keys, deep }: Omit<EffectRule, 'why'>,
  recipe: RuleInput['recipe']
): RecipePath[] {
  const found = (path: RecipePath): RecipePath[] => {
    const value = valueAt(recipe, path);
    if (Array.isArray(value)) return deep ? value.flatMap((_, index) => found([...path, index])) : [];
    if (!isMapping(value)) return [];
    return Object.keys(value).flatMap((key) => {
      const at = [...path, key];
      return [...(keys.includes(key) ? [at] : []), ...(deep ? found(at) : [])];
    });
  };
  return found(under);
}
