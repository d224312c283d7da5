/**
 * The one list of workflow kinds: what the whole program needs to know about each. The lists of their code, in the
 * places that must not load one another, are written from this one: after a change here, `npm run kinds`
 * (docs/rooms.md, "A kind's lines"). Imports nothing, so that workflow code may read it.
 */

/** What every part of the program needs to know about a kind. */
export interface KindFacts {
  /** Name of the workflow type: typed by users, so never changed. */
  readonly workflowType: string;
  /** Class of the programmatic API. */
  readonly className: string;
  /** What messages call it: `data quality`. */
  readonly title: string;
  /** `sourceConfig.config.type` of its recipes. */
  readonly configType: string;
  /** Added to the connector's type in `source.type` of its recipes: `-lineage`. */
  readonly suffix?: string;
  /** The `source.type` of its recipes, if that isn't a connector's: `TestSuite`. */
  readonly sourceType?: string;
  /** OpenMetadata's `pipelineType`. */
  readonly pipelineType: string;
  /**
   * Whether its runs belong to a database service: `made` if they create a missing one, `read` if they fail without it;
   * absent: they belong to none.
   */
  readonly service?: 'made' | 'read';
  /** It reads a query log, with `queryLogFilePath` even for types without a connector. */
  readonly queryLog?: true;
  /** The feature of the connector's spec that its runs need, except with `queryLogFilePath`. */
  readonly needs?: 'usage-log' | 'measures';
  /**
   * Its recipes may be about one table: their runs keep a journal for each, whose lines are about what the table has.
   */
  readonly journalPerTable?: true;
  /** Steps of its report, in the order in which records pass them. */
  readonly steps: readonly StepFacts[];
  /**
   * Folders of its staged slices, in the order of its stages: part of the staged format, so they never change after a
   * release.
   */
  readonly stages: Readonly<Record<string, string>>;
}

export interface StepFacts {
  readonly id: string;
  /** As OpenMetadata names it; absent if the source is named after its connection type (`Mysql`). */
  readonly name?: string;
}

const SOURCE = { id: 'source' } as const;
const SINK = { id: 'sink', name: 'OpenMetadata' } as const;

/** Kinds by the name that users type: `--kind`, workflow ids, the OmWorkflow search attribute. */
export const KINDS = {
  metadata: {
    workflowType: 'metadataWorkflow',
    className: 'MetadataWorkflow',
    title: 'metadata',
    configType: 'DatabaseMetadata',
    pipelineType: 'metadata',
    service: 'made',
    steps: [SOURCE, SINK],
    stages: {
      scopes: 'scopes',
      publishedScopes: 'published-scopes',
      extract: 'extract',
      publish: 'publish',
      foreignKeys: 'foreign-keys',
      deleted: 'deleted',
    },
  },
  lineage: {
    workflowType: 'lineageWorkflow',
    className: 'LineageWorkflow',
    title: 'lineage',
    configType: 'DatabaseLineage',
    suffix: '-lineage',
    pipelineType: 'lineage',
    service: 'read',
    queryLog: true,
    steps: [SOURCE, SINK],
    stages: {
      views: 'views',
      windows: 'windows',
      queries: 'queries',
      parsed: 'parsed',
      merged: 'merged',
      removedViewEdges: 'removed-view-edges',
      publishedEdges: 'published-edges',
      processedViews: 'processed-views',
    },
  },
  usage: {
    workflowType: 'usageWorkflow',
    className: 'UsageWorkflow',
    title: 'usage',
    configType: 'DatabaseUsage',
    suffix: '-usage',
    pipelineType: 'usage',
    service: 'read',
    queryLog: true,
    needs: 'usage-log',
    steps: [SOURCE, { id: 'query-parser', name: 'Query Parser' }, { id: 'table-usage', name: 'Table Usage' }, SINK],
    stages: {
      windows: 'windows',
      queries: 'queries',
      parsed: 'parsed',
      queryRuns: 'query-runs',
      usageRuns: 'usage-runs',
      usage: 'usage',
      publishedUsage: 'published-usage',
    },
  },
  profiler: {
    workflowType: 'profilerWorkflow',
    className: 'ProfilerWorkflow',
    title: 'profiler',
    configType: 'Profiler',
    pipelineType: 'profiler',
    service: 'read',
    needs: 'measures',
    steps: [{ id: 'source', name: 'OpenMetadata Service' }, { id: 'profiler', name: 'Profiler' }, SINK],
    stages: {
      profiledTables: 'profiled-tables',
      profileUnits: 'profile-units',
      profiles: 'profiles',
      publishedProfiles: 'published-profiles',
      rememberedProfiles: 'remembered-profiles',
    },
  },
  'data-quality': {
    workflowType: 'testSuiteWorkflow',
    className: 'TestSuiteWorkflow',
    title: 'data quality',
    configType: 'TestSuite',
    sourceType: 'TestSuite',
    journalPerTable: true,
    pipelineType: 'TestSuite',
    steps: [{ id: 'source', name: 'OpenMetadata Service' }, { id: 'test-runner', name: 'Data Quality' }, SINK],
    stages: { tests: 'tests', testResults: 'test-results', publishedResults: 'published-results' },
  },
} as const satisfies Readonly<Record<string, KindFacts>>;

export type WorkflowKind = keyof typeof KINDS;
/** The id of a step in some kind's report. */
export type StepId = (typeof KINDS)[WorkflowKind]['steps'][number]['id'];

export const KIND_NAMES: readonly WorkflowKind[] = Object.keys(KINDS).filter(isKind);

export function isKind(name: string): name is WorkflowKind {
  return Object.hasOwn(KINDS, name);
}

/** The facts of a kind, with the optional ones. */
export function factsOf(kind: WorkflowKind): KindFacts {
  return KINDS[kind];
}

/** The kind that a workflow type runs; undefined for a type that isn't ours. */
export function kindOfWorkflow(workflowType: string): WorkflowKind | undefined {
  return KIND_NAMES.find((kind) => KINDS[kind].workflowType === workflowType);
}

/** `source.type` as a kind's recipes write it. @param type of the connector, in lower case */
export function writtenType(kind: Pick<KindFacts, 'suffix' | 'sourceType'>, type: string): string {
  return kind.sourceType ?? `${type}${kind.suffix ?? ''}`;
}

type RecipeFacts = Pick<KindFacts, 'title' | 'configType' | 'suffix' | 'sourceType'>;

/** What OpenMetadata runs for databases besides metadata and lineage. */
const OPENMETADATA_KINDS: readonly RecipeFacts[] = [
  { title: 'usage', configType: 'DatabaseUsage', suffix: '-usage' },
  { title: 'profiler', configType: 'Profiler' },
  { title: 'auto-classification', configType: 'AutoClassification' },
  { title: 'data quality', configType: 'TestSuite', sourceType: 'TestSuite' },
];

/** Those of OpenMetadata's kinds that this version doesn't run, so that messages can say so. */
export const KINDS_NOT_HERE: readonly RecipeFacts[] = OPENMETADATA_KINDS.filter(
  ({ configType }) => !KIND_NAMES.some((kind) => factsOf(kind).configType === configType)
);
