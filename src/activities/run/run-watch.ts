import { randomUUID } from 'node:crypto';
import { log } from '@temporalio/activity';
import { IngestionError } from '../../errors/index.js';
import { toProcessing } from '../../report/index.js';
import { stagedRecipeOf } from '../../run-context/index.js';
import { redact } from '../../secrets/index.js';
import type { OpenMetadataClient } from '../../openmetadata/index.js';
import type { Shared } from './activity-deps.js';
import { LogStreams } from './log-streams.js';
import { ProgressUpdates } from './progress-updates.js';
import { watchedRun, type WatchedRun } from './watched-run.js';

/** The last activities of a run report by themselves. */
const LAST = new Set(['finishRun', 'removeStaged', 'failRun']);

/** Tells apart the batches of different worker processes. */
export const LOG_SENDER = `om-ingest-${randomUUID()}`;

export type LineLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
const LEVELS: readonly LineLevel[] = ['DEBUG', 'INFO', 'WARN', 'ERROR'];

/** One activity, as OpenMetadata is told about it. */
export interface WatchedActivity {
  line(level: LineLevel, text: string): void;
  /** Never rejects. */
  end(): Promise<void>;
}

const UNWATCHED: WatchedActivity = { line: () => undefined, end: () => Promise.resolve() };

/** What OpenMetadata is told during a run: how far it is, and its log if the recipe asks for that. */
export class RunWatch {
  readonly #progress: ProgressUpdates;
  readonly #logs: LogStreams;

  /** @param everyMs milliseconds between two updates of a run's progress; default: 30 s */
  constructor(
    private readonly shared: Pick<Shared, 'store' | 'progressOf'> & {
      readonly connections: Pick<Shared['connections'], 'client'>;
    },
    everyMs?: number
  ) {
    const failed =
      (what: string) =>
      ({ identity }: WatchedRun, error: unknown): void => {
        const reason = error instanceof IngestionError ? error.describe() : String(error);
        log.warn(`${what}: ${redact(reason)}`, { pipelineRunId: identity.pipelineRunId });
      };
    this.#progress = new ProgressUpdates(
      {
        send: (run, signal) => this.#sendProgress(run, signal),
        failed: failed('OpenMetadata was not told how far the run is'),
      },
      everyMs
    );
    this.#logs = new LogStreams({
      send: async ({ identity, plan }, lines, signal) => {
        const client = await this.#client(identity.pipelineRunId);
        const batch = { lines, connectorId: LOG_SENDER, timestamp: Date.now() };
        return client.runLogs.append(plan.ingestionPipelineFQN, identity.pipelineRunId, batch, { signal });
      },
      failed: failed('Lines of the run were not sent to OpenMetadata'),
    });
  }

  /** @param level the lowest level that is sent; default: INFO */
  begin(activityType: string, [first]: readonly unknown[], level: LineLevel = 'INFO'): WatchedActivity {
    const parsed = watchedRun.safeParse(first);
    if (!parsed.success || LAST.has(activityType)) return UNWATCHED;
    const ended = this.#progress.begin(parsed.data);
    const lines = parsed.data.plan.streamLogs === true ? this.#logs.begin(parsed.data) : undefined;
    return {
      line: (of, text) => {
        if (LEVELS.indexOf(of) >= LEVELS.indexOf(level)) lines?.add(logLine(of, `${activityType}: ${redact(text)}`));
      },
      end: async () => {
        ended();
        await lines?.end();
      },
    };
  }

  async #sendProgress({ identity, plan }: WatchedRun, signal: AbortSignal): Promise<boolean> {
    const progress = await this.shared.progressOf?.(identity.workflowId, identity.pipelineRunId);
    if (progress === undefined) return true;
    const client = await this.#client(identity.pipelineRunId);
    signal.throwIfAborted();
    return client.progress.put(plan.ingestionPipelineFQN, toProcessing(progress, Date.now()), { signal });
  }

  async #client(run: string): Promise<OpenMetadataClient> {
    return this.shared.connections.client(await stagedRecipeOf(this.shared.store, run));
  }
}

/** `2026-11-28T01:02:03.004Z WARN  extractUnit: …` */
export function logLine(level: LineLevel, text: string): string {
  return `${new Date().toISOString()} ${level.padEnd(5)} ${text}`;
}
