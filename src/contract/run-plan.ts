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
  /** What windows depend on: `asOf`, else the schedule's nominal time, else `startedAt`. Milliseconds, UTC. */
  readonly anchor: number;
  readonly kind: WorkflowKind;
  /** Set when the run was started as a kind that its recipe turned out not to be. */
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
  /** The staging store and the task queue of the workers that can reach it. */
  readonly store: string;
  readonly storeQueue: string;
  /** Units of a stage at once, as the recipe wants it. */
  readonly threads: number;
  /** Slots for the store's work on the worker that prepared the run: a run takes at most twice as many. */
  readonly slots: number;
  /** For lineage: which parts the recipe asks for. */
  readonly lineage?: { readonly views: boolean; readonly queries: boolean; readonly overrideViews: boolean };
  /** For the profiler: what it may cost. */
  readonly budget?: ProfilerBudget;
  /** The sessions of the source that the run shares with others; absent: no limit. */
  readonly sessions?: SessionsPlan;
  /** How runs of the same source, and of the same catalog, recognise each other; absent in plans of older workers. */
  readonly shared?: Readonly<Partial<Record<LoadedSide, string>>>;
  /** True when the search attributes are registered, so that the workflow may set them. */
  readonly searchAttributes?: boolean;
  /**
   * How long a task may wait on one of the store's queues before the run asks whether the store has workers,
   * milliseconds.
   */
  readonly storeTimeoutMs: number;
  /** Milliseconds without a heartbeat after which an attempt counts as dead. */
  readonly heartbeatMs: number;
  /** True when the recipe wants the run's own log lines in OpenMetadata. */
  readonly streamLogs?: true;
  /** Level of the run's own log lines; absent in plans of older workers, which means the worker's level. */
  readonly loggerLevel?: LoggerLevel;
}

/** `workflowConfig.loggerLevel`, from most lines to fewest. */
export type LoggerLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/** First argument of every stage's activity. */
export interface StageInput {
  readonly identity: RunIdentity;
  readonly plan: RunPlan;
  /** Sessions of the source that were granted to this activity, where runs share them. */
  readonly sessions?: number;
}

export interface UnitInput extends StageInput {
  readonly unit: number;
}

/** What a stage's activity answers: its share of the report, with the first failures only; all of them are staged. */
export interface StageResult {
  readonly part: PartReport;
  /**
   * Set when OpenMetadata asked to slow down before the stage was finished: wait this long, narrow the lanes, call
   * again. Milliseconds.
   */
  readonly retryAfterMs?: number;
}

/** Statements that read rows, and seconds that they may take. */
export interface ProfilerBudget {
  readonly statements?: number;
  readonly seconds?: number;
}

export interface ProfiledTablesResult extends StageResult {
  readonly units: number;
  /** Statements of each unit if the source refuses none; only when there is a budget to divide. */
  readonly needs?: readonly number[];
}

export interface ProfileUnitInput extends UnitInput {
  /** Its share of the run's budget, of all its calls together; absent: no limit. */
  readonly allowance?: ProfilerBudget;
  /** Tables for which the share is not enough stay open for another call, and are not left to the next run. */
  readonly mayGetMore?: true;
}

export interface ProfileUnitResult extends StageResult {
  /** Of what was allowed. */
  readonly used: { readonly statements: number; readonly seconds: number };
  /** Statements that its open tables take, as far as is known; absent: it has none. */
  readonly left?: number;
}

export interface UnitsResult extends StageResult {
  readonly units: number;
}

/** What a publishing stage knows about deletions. */
interface Deletions {
  /** Set when the catalog has nothing here that the source didn't show: there is nothing to mark deleted. */
  readonly nothingGone?: true;
}

export interface PublishScopesResult extends StageResult, Deletions {}

export interface PublishResult extends StageResult, Deletions {
  /** Foreign keys that wait for their table. */
  readonly deferred: number;
  /** Set when the unit's extraction kept it waiting too long: call again after the unit is extracted. */
  readonly unfinished?: true;
}

export interface FinishInput {
  readonly identity: RunIdentity;
  /** Absent when the run ended before there was one. */
  readonly plan?: RunPlan;
  /** What ended the run, if it didn't reach its end. */
  readonly error?: string;
  readonly stopped?: boolean;
}

/** The end of a run that has nothing staged: its recipe is read again. */
export interface FailInput extends FinishInput {
  readonly recipe: RecipeInput;
}
