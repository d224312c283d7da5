/**
 * Runs OpenMetadata's external ingestion as Temporal workflows.
 *
 * - `MetadataWorkflow` and the classes of the other kinds: one run in five steps, as with the Python framework.
 * - `createClient`: start, follow and cancel runs on workers elsewhere.
 * - `createWorker`: a worker in your own process; `om-ingest worker` is the same as a command.
 * - `defineSource`: your own connector, for `createWorker({ sources })`, `createClient({ sources })` and
 *   OM_INGEST_CONNECTORS.
 */
export * from './client/index.js';
export * from './errors/index.js';
export type { JournalLine, JournalOutcome } from './contract/journal.js';
export type { StepId, WorkflowKind } from './contract/kinds.js';
export type { StepCounts } from './contract/part-report.js';
export type { Recipe } from './recipe/index.js';
export type { Progress, StageProgress } from './contract/progress.js';
export type { WorkflowInput } from './workflows/input.js';
export { exitCode, printReport, type RunReport, type RunState, type StepReport } from './report/index.js';
export * from './sources-api.js';
export {
  createWorker,
  readWorkerSettings,
  type CreateWorkerOptions,
  type IngestionWorker,
  type WorkerSettings,
} from './worker/index.js';
