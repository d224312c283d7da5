import { badRequest } from '../api-error.js';

/** Every name that the `fields` parameter knows, over all types; a type without that key has nothing to show. */
const FIELD_NAMES: ReadonlySet<string> = new Set(
  `airflowConfig aliases applicationType certification children classification code columns connection customMetrics
  dataContract dataModel dataProducts database databaseProfilerConfig databaseSchema databaseSchemaProfilerConfig databaseSchemas
  default deployed description displayName domains duration enableStreamableLogs enabled entityStatus exclude_usage extension
  fileFormat followers follows ingestionRunner joins lifeCycle location locationPath loggerLevel mutuallyExclusive
  openMetadataServerConnection owners owns personas pipelineObservability pipelineStatuses pipelineType pipelines
  processedLineage processingEngine profile provider queries query queryDate queryUsedIn query_type raiseOnError
  retentionPeriod reviewers roles sampleData schemaDefinition service serviceType sourceConfig sourceHash sourceUrl
  storedProcedureCode storedProcedureType style tableConstraints tablePartition tableProfilerConfig tableType tables tags
  teams termCount testCaseResult testCaseStatus testConnectionResult testDefinition testSuite testSuites tests triggeredBy
  entityLink incidentId inspectionQuery summary usageCount usageSummary usedBy users votes`.split(/\s+/)
);

/** What an answer shows in addition to what it always shows. */
export type Fields = 'all' | ReadonlySet<string>;

/** Reads the `fields` parameter: comma-separated names, or `*`. @throws ApiError 400 for an unknown name */
export function parseFields(parameter: string | undefined): Fields {
  const names = (parameter ?? '').split(',').map((name) => name.trim());
  if (names.includes('*')) return 'all';
  const wanted = new Set(names.filter((name) => name !== ''));
  for (const name of wanted) if (!FIELD_NAMES.has(name)) throw badRequest(`Invalid field name ${name}`);
  return wanted;
}
