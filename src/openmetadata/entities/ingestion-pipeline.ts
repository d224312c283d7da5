import type { EntityReference } from './references.js';

export type PipelineType =
  | 'metadata'
  | 'usage'
  | 'lineage'
  | 'profiler'
  | 'autoClassification'
  | 'TestSuite'
  | 'dataInsight'
  | 'elasticSearchReindex'
  | 'dbt'
  | 'application'
  | 'policyAgent';

/** Body of PUT `/services/ingestionPipelines`. */
export interface CreateIngestionPipelineRequest {
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly pipelineType: PipelineType;
  /** The service that the pipeline belongs to; `type` is `databaseService` or `testSuite`. */
  readonly service: EntityReference;
  readonly sourceConfig: { readonly config?: Readonly<Record<string, unknown>> };
  /** `{}`: scheduling is Temporal's business. */
  readonly airflowConfig: Readonly<Record<string, never>>;
  readonly loggerLevel?: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  readonly enableStreamableLogs?: boolean;
}
