export { DEFAULT_TASK_QUEUE } from '../contract/task-queues.js';
export { createClient, IngestionClient, type ClientOptions, type StartOptions } from './ingestion-client.js';
export { IngestionRun, type RunDescription, type WaitOptions } from './ingestion-run.js';
export type { RunWait } from './run-waits.js';
export type { ExplainedRun, Explanation } from '../contract/explanation.js';
export { IngestionWorkflow, type WorkflowOptions } from './ingestion-workflow.js';
export * from './kinds.generated.js';
export type { RecipeReference } from './recipe-reference.js';
export {
  AlreadyRunningError,
  RecipeRefusedError,
  RunFailedError,
  RunNotFoundError,
  RunStoppedError,
} from './run-errors.js';
export {
  ScheduleError,
  ScheduleNotFoundError,
  Schedules,
  type OverlapPolicy,
  type ScheduledRun,
  type ScheduleDetails,
  type ScheduleOptions,
  type ScheduleOverview,
  type Triggered,
} from './schedules/index.js';
export { setUpSearchAttributes, SetUpError, type SetUpOutcome } from './set-up.js';
export {
  DatabaseFileInUseError,
  findTemporal,
  NoTemporalServerError,
  startDevServer,
  type DevServer,
  type DevServerOptions,
  type FindTemporalOptions,
  type TemporalExecutable,
} from './temporal-server/index.js';
export { readTemporalSettings, TemporalSettingsError, type TemporalSettings } from './temporal-settings.js';
export { workflowIdOf } from './workflow-id.js';
