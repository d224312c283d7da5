/** What travels between workflow and activities: small, plain JSON, without secrets. Types only. */
import type { WorkflowKind } from './kinds.js';
import type { PartReport } from './part-report.js';
import type { LoadedSide, SessionsPlan } from './shared-load.js';

/** Everything that must be the same after a retry, a reset or a continue-as-new. Made once, by the workflow. */
export interface RunIdentity {
  readonly workflowId: string;
  /** The first execution's run id; also the staging prefix. */
  readonly pipelineRunId: string;
  /** Start of the first execution, milliseconds since the epoch. */
  readonly startedAt: number;
  /** What windows hang on: `asOf`, else the schedule's nominal time, else `startedAt`. Milliseconds, UTC. */
  readonly anchor: number;
  readonly kind: WorkflowKind;
  /** Set when the run was started as another kind than its recipe turned out to be of. */
  readonly askedFor?: WorkflowKind;
}

/** The recipe as the workflow got it: exactly one of the first three. */
export interface RecipeInput {
  readonly recipePath?: string;
  readonly recipeYaml?: string;
  readonly recipe?: unknown;
}

/** Answer of prepareRun, at most 2 KiB: what the workflow needs to orchestrate, and where the rest is staged. */
export interface RunPlan {
  readonly service: string;
  /** Bare connector type: `mysql`. */
  readonly sourceType: string;
  readonly ingestionPipelineFQN?: string;
  /** The staging store and the task queue of the workers that reach it. */
  readonly store: string;
  readonly storeQueue: string;
  /** Units of a stage at once, as the recipe wants it. */
  readonly threads: number;
  /** Slots that the worker which prepared the run has for its store's work: a run takes twice as many at most. */
  readonly slots: number;
  /** Of a lineage run: which parts the recipe asks for. */
  readonly lineage?: { readonly views: boolean; readonly queries: boolean; readonly overrideViews: boolean };
  /** Of a profiler run: what it may cost. */
  readonly budget?: ProfilerBudget;
  /** The sessions of the source that it shares with other runs; absent: no limit. */
  readonly sessions?: SessionsPlan;
  /** By which runs of the same source, and of the same catalog, know each other; absent in plans of older workers. */
  readonly shared?: Readonly<Partial<Record<LoadedSide, string>>>;
  /** True when the search attributes are registered, so that the workflow may set them. */
  readonly searchAttributes?: boolean;
  /** Milliseconds a task may wait on one of the store's queues before the run asks whether the store has workers. */
  readonly storeTimeoutMs: number;
  /** Milliseconds without a heartbeat after which an attempt counts as dead. */
  readonly heartbeatMs: number;
  /** True when the recipe wants the run's own log lines in OpenMetadata. */
  readonly streamLogs?: true;
  /** Level of the run's own log lines; absent in plans of older workers: the worker's. */
  readonly loggerLevel?: LoggerLevel;
}

/** `workflowConfig.loggerLevel`, from the most lines to the fewest. */
export type LoggerLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/** First argument of every stage's activity. */
export interface StageInput {
  readonly identity: RunIdentity;
  readonly plan: RunPlan;
}

export interface UnitInput extends StageInput {
  readonly unit: number;
}

/** What a stage's activity answers: its share of the report, with the first failures only; all of them are staged. */
export interface StageResult {
  readonly part: PartReport;
  /**
   * Set when OpenMetadata asked to slow down before the stage was finished: wait as long, narrow the lanes, call again.
   * Milliseconds.
   */
  readonly retryAfterMs?: number;
}

/** Statements that read rows, and seconds that they take. */
export interface ProfilerBudget {
  readonly statements?: number;
  readonly seconds?: number;
}

export interface ProfiledTablesResult extends StageResult {
  readonly units: number;
  /** Statements that each unit takes when the source refuses none of them; only where there is a budget to deal out. */
  readonly needs?: readonly number[];
}

export interface ProfileUnitInput extends UnitInput {
  /** Its share of the run's budget; absent: no limit. */
  readonly allowance?: ProfilerBudget;
}

export interface ProfileUnitResult extends StageResult {
  /** Of the allowance. */
  readonly used: { readonly statements: number; readonly seconds: number };
}

export interface UnitsResult extends StageResult {
  readonly units: number;
}

/** What a stage that publishes knows of deletions. */
interface Deletions {
  /**
   * Set when the catalog holds nothing in this part that the source did not show: there is nothing to mark as deleted.
   */
  readonly nothingGone?: true;
}

export interface PublishScopesResult extends StageResult, Deletions {}

export interface PublishResult extends StageResult, Deletions {
  /** Foreign keys that wait for their table. */
  readonly deferred: number;
  /** Set when the unit's extraction kept it waiting too long: call again once the unit is extracted. */
  readonly unfinished?: true;
}

export interface FinishInput {
  readonly identity: RunIdentity;
  /** Absent when the run ended before there was one. */
  readonly plan?: RunPlan;
  /** What ended the run, when it did not reach its end. */
  readonly error?: string;
  readonly stopped?: boolean;
}

/** The end of a run that has nothing staged: its recipe is read again. */
export interface FailInput extends FinishInput {
  readonly recipe: RecipeInput;
}
