export const PIPELINE_STATES = ['queued', 'running', 'success', 'partialSuccess', 'failed', 'stopped'] as const;

export type PipelineState = (typeof PIPELINE_STATES)[number];

export interface StackTraceError {
  /** FQN or name of what failed. */
  readonly name: string;
  readonly error: string;
  readonly stackTrace?: string;
}

export interface StepProgress {
  readonly total?: number;
  readonly processed?: number;
  readonly estimatedRemainingSeconds?: number;
}

export interface OperationMetrics {
  readonly count?: number;
  readonly totalTimeMs?: number;
  readonly avgTimeMs?: number;
  readonly minTimeMs?: number;
  readonly maxTimeMs?: number;
}

/** Category → operation → entity type → numbers. */
export type StepOperationMetrics = Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, OperationMetrics>>>>>
>;

export interface StepSummary {
  /** `Mysql`, `OpenMetadata`, `Query Parser`, … */
  readonly name: string;
  readonly records?: number;
  readonly updated_records?: number;
  readonly warnings?: number;
  readonly errors?: number;
  readonly filtered?: number;
  readonly failures?: readonly StackTraceError[];
  readonly progress?: Readonly<Record<string, StepProgress>>;
  readonly operationMetrics?: StepOperationMetrics;
  readonly sourceTimeMs?: number;
  readonly sinkTimeMs?: number;
}

/**
 * One run of an ingestion pipeline; times in milliseconds since the epoch. The server keeps the last one that was put
 * for a runId.
 */
export interface PipelineStatus {
  readonly runId: string;
  readonly pipelineState: PipelineState;
  readonly startDate?: number;
  /** Also the start: statuses are listed by it. */
  readonly timestamp?: number;
  readonly endDate?: number;
  readonly status?: readonly StepSummary[];
  readonly config?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface ProgressNode {
  readonly label?: string;
  readonly entityType?: string;
  readonly processed?: number;
  readonly expected?: number;
  readonly active?: boolean;
  readonly overflow?: number;
  readonly children?: readonly ProgressNode[];
}

export interface GlobalCounter {
  readonly entityType?: string;
  readonly done?: number;
  readonly total?: number;
}

/** Body of PUT `/services/ingestionPipelines/progress/{fqn}/{runId}`. */
export interface ProgressUpdate {
  readonly runId: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly updateType: 'DISCOVERY' | 'PROCESSING' | 'STEP_COMPLETE' | 'PIPELINE_COMPLETE' | 'ERROR';
  readonly stepName?: string;
  readonly progress?: ProgressNode;
  readonly globalCounters?: readonly GlobalCounter[];
  readonly estimatedSecondsRemaining?: number;
  readonly totalAssetsIngested?: number;
  readonly currentEntity?: string;
  readonly message?: string;
}
