import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  type Client,
  type ClientInterceptors,
} from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { registerSources, type Source } from '../sources/index.js';
import { DEFAULT_TASK_QUEUE } from '../contract/task-queues.js';
// not through the room's door, which loads the SDK's worker: half a second for every command
import { encrypts, environmentConverter } from '../worker/encrypting-codec.js';
import { attributesGate } from '../worker/registered-attributes.js';
import type { WorkflowInput } from '../workflows/input.js';
import type { Explanation } from '../contract/explanation.js';
import { connect } from './connect.js';
import { explain } from './explain.js';
import { IngestionRun } from './ingestion-run.js';
import { describeRecipe, type DescribedRecipe, type RecipeReference } from './recipe-reference.js';
import { recentPollers } from './recent-pollers.js';
import { AlreadyRunningError } from './run-errors.js';
import { Schedules } from './schedules/index.js';
import { startWithAttributes } from './start-with-attributes.js';
import { readTemporalSettings, type TemporalSettings } from './temporal-settings.js';

export interface ClientOptions {
  /** Default: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, … or temporal.toml, else `localhost:7233`. */
  settings?: TemporalSettings;
  /** Default: `openmetadata-ingestion`. */
  taskQueue?: string;
  /**
   * As in the SDK; the workers need the same. Default: payloads are encrypted when OM_INGEST_ENCRYPTION_KEYS is set.
   */
  dataConverter?: DataConverter;
  /** For the SDK's client. */
  interceptors?: ClientInterceptors;
  /**
   * Connectors besides those of this build, so that their recipes can be checked here; known to the whole process from
   * then on.
   */
  sources?: readonly Source[];
}

export interface StartOptions {
  /** Default: `om-<ingestionPipelineFQN>`, else `om-<service>-<kind>-<8 hex of what the recipe selects>`. */
  workflowId?: string;
  /** Anchor of time windows, used instead of now, ISO 8601. */
  asOf?: string;
  /** For data quality: names of test cases, definitions or tables; only these run. */
  only?: readonly string[];
  /**
   * What to do if there was an earlier run with the same id. `refuse` (default): AlreadyRunningError while it is
   * running, otherwise a new run. `attach`: join it if it is running or succeeded, otherwise a new run.
   */
  existing?: 'refuse' | 'attach';
}

/** Starts, follows and schedules ingestion runs. Close it when done. */
export class IngestionClient {
  /** Schedules on this client's queue. */
  readonly schedules: Schedules;
  readonly #attributesRegistered: () => Promise<boolean>;

  constructor(
    /** The SDK's client, for everything that isn't offered here. */
    readonly temporal: Client,
    readonly taskQueue: string = DEFAULT_TASK_QUEUE
  ) {
    this.schedules = new Schedules(temporal, taskQueue);
    this.#attributesRegistered = attributesGate(temporal);
  }

  /**
   * Starts a run and returns at once.
   *
   * @throws RecipeError for a recipe that can't be run, AlreadyRunningError
   */
  async start(recipe: RecipeReference, options: StartOptions = {}): Promise<IngestionRun> {
    const described = describeRecipe(recipe, encrypts(this.temporal));
    const workflowId = options.workflowId ?? described.workflowId;
    const input: WorkflowInput = {
      ...described.input,
      ...(options.asOf === undefined ? {} : { asOf: options.asOf }),
      ...(options.only === undefined ? {} : { only: options.only }),
    };
    const attach = options.existing === 'attach';
    try {
      const handle = await startWithAttributes(this.temporal, await this.#attributesRegistered(), described, {
        workflowId,
        taskQueue: this.taskQueue,
        args: [input],
        staticSummary: summaryOf(described),
        workflowIdConflictPolicy: attach ? WorkflowIdConflictPolicy.USE_EXISTING : WorkflowIdConflictPolicy.FAIL,
        workflowIdReusePolicy: attach
          ? WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY
          : WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      });
      return new IngestionRun(this.temporal, handle);
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      if (attach) return this.attach(workflowId);
      throw new AlreadyRunningError(workflowId);
    }
  }

  /** A run by its id; nothing is asked yet. */
  attach(workflowId: string): IngestionRun {
    return new IngestionRun(this.temporal, this.temporal.workflow.getHandle(workflowId));
  }

  /** How many workers this client's queue has; one that was killed counts for another minute. */
  async workers(): Promise<number> {
    return (await recentPollers(this.temporal, this.taskQueue)).length;
  }

  /**
   * What the journals of the last runs say about an entity, as a worker of this client's queue finds them in its
   * staging store.
   *
   * @throws PermanentError when there is no worker, or the FQN isn't one
   */
  explain(fqn: string): Promise<Explanation> {
    return explain(this, fqn);
  }

  async close(): Promise<void> {
    await this.temporal.connection.close();
  }
}

/**
 * Connects to Temporal.
 *
 * @throws NoTemporalServerError when no server answers, TemporalSettingsError when temporal.toml can't be read,
 * PermanentError for a connector whose type is taken, or unusable keys in OM_INGEST_ENCRYPTION_KEYS
 */
export async function createClient(options: ClientOptions = {}): Promise<IngestionClient> {
  registerSources(options.sources ?? []);
  const { settings = readTemporalSettings(), dataConverter = environmentConverter(), interceptors } = options;
  const client = await connect(settings, {
    dataConverter,
    ...(interceptors === undefined ? {} : { interceptors }),
  });
  return new IngestionClient(client, options.taskQueue);
}

/** The run's summary in the Temporal UI: `metadata of shop`. */
function summaryOf({ attributes: { workflow = '', service }, input }: DescribedRecipe): string {
  return `${workflow} of ${service ?? input.recipePath ?? 'a recipe'}`;
}
