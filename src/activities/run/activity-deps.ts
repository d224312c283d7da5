import type { EncryptionKeys } from '../../secrets/index.js';
import type { RunningExecution } from '../../contract/shared-load.js';
import type { Progress } from '../../contract/progress.js';
import type { StagingStore } from '../../staging/index.js';
import type { Connections, MeasureSources, RestCall } from '../../run-context/index.js';
import type { ParserPools } from '../lineage/parser-pools.js';

/** What a worker gives its activities. */
export interface ActivityDeps {
  readonly store: StagingStore;
  /** Absolute folder in which `recipePath` is looked up. */
  readonly recipesDir: string;
  /** The queue runs start on; the store's own is `<taskQueue>.<store id>`. */
  readonly taskQueue: string;
  readonly heartbeatMs: number;
  readonly storeTimeoutMs: number;
  /** Slots of this worker for its store's work. */
  readonly slots: number;
  /** True while that run is still running: tells a stale `running` status from a live one. */
  readonly isRunning: (workflowId: string, pipelineRunId: string) => Promise<boolean>;
  /** True when the Temporal server runs inside this process, and so only knows this process's runs. Default: false. */
  readonly ownServer?: boolean;
  /** How far a run is, as its `progress` query says; undefined when that isn't known. Default: it isn't. */
  readonly progressOf?: (workflowId: string, pipelineRunId: string) => Promise<Progress | undefined>;
  /** True when Temporal knows this project's search attributes. Default: it doesn't. */
  readonly searchAttributesRegistered?: () => Promise<boolean>;
  /** True when that execution is over, or unknown. Default: it isn't. */
  readonly isOver?: (execution: RunningExecution) => Promise<boolean>;
  /** Secrets of runs made in this process, by reference. */
  readonly memorySecrets?: ReadonlyMap<string, string>;
  /** What encrypts payloads: inline recipes may then hold secrets in plain text. Default: nothing does. */
  readonly keys?: EncryptionKeys;
  /** True when Temporal stores the input of that run encrypted. Default: it doesn't. */
  readonly inputIsEncrypted?: (workflowId: string, pipelineRunId: string) => Promise<boolean>;
  /** Called for each call to OpenMetadata, in the context of the activity that made it. Default: nothing is called. */
  readonly onRequest?: (call: RestCall) => void;
}

/** The same, with the connections that the worker's activities share. */
export interface Shared extends ActivityDeps {
  readonly connections: Connections;
  readonly parsers: ParserPools;
  readonly measures: MeasureSources;
}
