import { z } from 'zod';
import { entityReference, flag, freeObject, integer, namedKeys, text } from './body-parts.js';

const PIPELINE_TYPES = [
  'metadata',
  'usage',
  'lineage',
  'profiler',
  'autoClassification',
  'TestSuite',
  'dataInsight',
  'elasticSearchReindex',
  'dbt',
  'application',
  'policyAgent',
] as const;

/** Body of PUT `/services/ingestionPipelines`. */
export const ingestionPipelineBody = z.strictObject({
  ...namedKeys,
  pipelineType: z.enum(PIPELINE_TYPES),
  sourceConfig: z.strictObject({ config: freeObject.nullish() }),
  airflowConfig: freeObject,
  service: entityReference,
  loggerLevel: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']).nullish(),
  raiseOnError: flag,
  provider: z.enum(['system', 'user', 'automation']).nullish(),
  processingEngine: entityReference.nullish(),
  enableStreamableLogs: flag,
});

const number = z.number().nullish();

const stepSummary = z.strictObject({
  name: z.string(),
  records: integer,
  updated_records: integer,
  warnings: integer,
  errors: integer,
  filtered: integer,
  failures: z.array(z.strictObject({ name: z.string(), error: z.string(), stackTrace: text })).nullish(),
  progress: freeObject.nullish(),
  operationMetrics: freeObject.nullish(),
  sourceTimeMs: number,
  sinkTimeMs: number,
});

/** Body of PUT `/services/ingestionPipelines/{fqn}/pipelineStatus`; times in milliseconds. */
export const pipelineStatusBody = z.strictObject({
  runId: z.string().min(1),
  pipelineState: z.enum(['queued', 'success', 'failed', 'running', 'partialSuccess', 'stopped']).nullish(),
  startDate: integer,
  timestamp: integer,
  endDate: integer,
  status: z.array(stepSummary).nullish(),
  config: freeObject.nullish(),
  metadata: freeObject.nullish(),
});

/** Body of POST `/services/ingestionPipelines/logs/{fqn}/{runId}`; compressed logs are gzip in base64. */
export const runLogsBody = z.strictObject({
  logs: z.string(),
  timestamp: integer,
  connectorId: text,
  compressed: flag,
  lineCount: integer,
});

/** Body of PUT `/services/ingestionPipelines/progress/{fqn}/{runId}`; its counts aren't checked. */
export const progressBody = z.strictObject({
  runId: z.string(),
  timestamp: z.int(),
  updateType: z.enum(['DISCOVERY', 'PROCESSING', 'STEP_COMPLETE', 'PIPELINE_COMPLETE', 'ERROR']),
  stepName: text,
  progress: freeObject.nullish(),
  globalCounters: z.array(freeObject).nullish(),
  estimatedSecondsRemaining: integer,
  totalAssetsIngested: integer,
  currentEntity: text,
  message: text,
});
