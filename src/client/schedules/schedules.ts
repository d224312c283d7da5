import { setTimeout as sleep } from 'node:timers/promises';
import {
  isGrpcServiceError,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError as TemporalScheduleNotFound,
  type Client,
  type ScheduleDescription,
  type ScheduleHandle,
  type ScheduleUpdateOptions,
} from '@temporalio/client';
// not through the room's door, which loads the SDK's worker
import { encrypts } from '../../worker/encrypting-codec.js';
import { describeRecipe, type DescribedRecipe, type RecipeReference } from '../recipe-reference.js';
import type { OverlapPolicy } from './overlap-names.js';
import { ScheduleError, ScheduleNotFoundError } from './schedule-error.js';
import { OVERLAP_POLICIES, backfillRange, durationMs, type ScheduleOptions } from './schedule-options.js';
import { detailsOf, overviewOf, type ScheduleDetails, type ScheduleOverview } from './schedule-view.js';

const CATCH_UP = '10m';
/** The server handles a trigger at once; a longer wait means a busy cluster. */
const TRIGGER_LOOK_MS = 5_000;
const POLL_MS = 100;
/** gRPC's number of INVALID_ARGUMENT. */
const INVALID_ARGUMENT = 3;

/**
 * The result of a trigger: the run it started, the run because of which it started none, or neither within some
 * seconds.
 */
export interface Triggered {
  readonly started?: string;
  readonly skippedFor?: string;
}

/** Schedules of ingestion runs: `createClient()` has them as `client.schedules`. */
export class Schedules {
  constructor(
    private readonly client: Client,
    private readonly taskQueue: string
  ) {}

  /**
   * Creates the schedule, or changes an existing one with this id. Running runs continue; whether it is paused stays,
   * unless `paused` is given.
   *
   * @throws RecipeError for a recipe that can't be run, ScheduleError for times that can't be read
   */
  async apply(
    recipe: RecipeReference,
    options: ScheduleOptions
  ): Promise<{ scheduleId: string; outcome: 'created' | 'updated' }> {
    const described = describeRecipe(recipe, encrypts(this.client));
    const scheduleId = options.scheduleId ?? described.workflowId;
    const definition = this.#definition(scheduleId, described, options);
    const { paused, note } = options;
    try {
      const state = { paused: paused ?? false, ...(note === undefined ? {} : { note }) };
      await this.client.schedule.create({ scheduleId, ...definition, state });
      return { scheduleId, outcome: 'created' };
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw this.#explained(error, scheduleId);
    }
    await this.#of(scheduleId, (handle) =>
      handle.update((current) => ({
        ...definition,
        typedSearchAttributes: current.typedSearchAttributes,
        state: { ...current.state, paused: paused ?? current.state.paused, ...(note === undefined ? {} : { note }) },
      }))
    );
    return { scheduleId, outcome: 'updated' };
  }

  /** Ingestion schedules of the namespace, of any queue. */
  async *list(): AsyncIterable<ScheduleOverview> {
    for await (const summary of this.client.schedule.list()) {
      const overview = overviewOf(summary);
      if (overview !== undefined) yield overview;
    }
  }

  /** @throws ScheduleNotFoundError */
  async show(scheduleId: string): Promise<ScheduleDetails> {
    return detailsOf(await this.#of(scheduleId, (handle) => handle.describe()));
  }

  /** No more runs from now on; one that is going continues. @throws ScheduleNotFoundError */
  async pause(scheduleId: string, note = 'paused by om-ingest'): Promise<void> {
    await this.#of(scheduleId, (handle) => handle.pause(note));
  }

  /** What was due meanwhile isn't caught up: `backfill` does that. @throws ScheduleNotFoundError */
  async resume(scheduleId: string, note = 'resumed by om-ingest'): Promise<void> {
    await this.#of(scheduleId, (handle) => handle.unpause(note));
  }

  /**
   * Starts a run now, even while paused, subject to the overlap policy: with `Skip`, none while another is going.
   *
   * @throws ScheduleNotFoundError
   */
  async trigger(scheduleId: string, options: { overlap?: OverlapPolicy } = {}): Promise<Triggered> {
    return this.#of(scheduleId, async (handle) => {
      const before = await handle.describe();
      // without a policy the SDK asks for one more run, whatever the schedule says
      await handle.trigger(options.overlap === undefined ? before.policies.overlap : OVERLAP_POLICIES[options.overlap]);
      for (const until = Date.now() + TRIGGER_LOOK_MS; Date.now() < until; await sleep(POLL_MS)) {
        const seen = whatCame(before, await handle.describe());
        if (seen !== undefined) return seen;
      }
      return {};
    });
  }

  /**
   * Runs for the nominal times from `from` to `to`, both included, as if it were then: windows depend on the nominal
   * time.
   *
   * @param range ISO 8601; a date alone is that whole day, UTC. `overlap` defaults to `BufferAll`: one after another,
   * none skipped
   * @throws ScheduleNotFoundError, ScheduleError
   */
  async backfill(scheduleId: string, range: { from: string; to: string; overlap?: OverlapPolicy }): Promise<void> {
    const { start, end } = backfillRange(range.from, range.to);
    const overlap = OVERLAP_POLICIES[range.overlap ?? 'BufferAll'];
    await this.#of(scheduleId, (handle) => handle.backfill({ start, end, overlap }));
  }

  /** Running runs continue. @throws ScheduleNotFoundError */
  async delete(scheduleId: string): Promise<void> {
    await this.#of(scheduleId, (handle) => handle.delete());
  }

  #definition(
    scheduleId: string,
    { workflowType, input }: DescribedRecipe,
    options: ScheduleOptions
  ): Omit<ScheduleUpdateOptions, 'state'> {
    const crons = typeof options.cron === 'string' ? [options.cron] : options.cron;
    if (crons.length === 0) throw new ScheduleError('The schedule has no cron. Give one, such as 0 3 * * *.');
    return {
      spec: {
        cronExpressions: crons.map(withComment),
        timezone: options.timeZone ?? 'UTC',
        ...(options.jitter === undefined ? {} : { jitter: durationMs('jitter', options.jitter) }),
      },
      action: {
        type: 'startWorkflow',
        workflowType,
        // the server adds the nominal time, so that each run has its own id
        workflowId: scheduleId,
        taskQueue: options.taskQueue ?? this.taskQueue,
        args: [input],
      },
      policies: {
        overlap: OVERLAP_POLICIES[options.overlap ?? 'Skip'],
        catchupWindow: durationMs('catchUp', options.catchUp ?? CATCH_UP),
        pauseOnFailure: options.pauseOnFailure ?? true,
      },
    };
  }

  async #of<T>(scheduleId: string, work: (handle: ScheduleHandle) => Promise<T>): Promise<T> {
    try {
      return await work(this.client.schedule.getHandle(scheduleId));
    } catch (error) {
      throw this.#explained(error, scheduleId);
    }
  }

  #explained(error: unknown, scheduleId: string): unknown {
    if (error instanceof TemporalScheduleNotFound)
      return new ScheduleNotFoundError(scheduleId, this.client.options.namespace);
    // how the SDK reports a cron, time zone or range that the server can't read
    if (error instanceof TypeError)
      return new ScheduleError(
        `Temporal refuses the schedule ${scheduleId}: ${error.message}. Look at its cron (such as 0 3 * * *) and its time zone.`,
        { cause: error }
      );
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    if (!isGrpcServiceError(cause) || Number(cause.code) !== INVALID_ARGUMENT) return error;
    return new ScheduleError(`Temporal refuses the schedule ${scheduleId}: ${cause.details}.`, { cause: error });
  }
}

/**
 * Temporal turns cron text into calendars, and keeps what follows # as their comment: the only place where the text
 * survives as typed.
 */
function withComment(cron: string): string {
  return cron.startsWith('@every') || cron.includes('#') ? cron : `${cron} # ${cron}`;
}

function whatCame(before: ScheduleDescription, now: ScheduleDescription): Triggered | undefined {
  const started = now.info.recentActions.at(-1)?.action.workflow.workflowId;
  const changed = started !== before.info.recentActions.at(-1)?.action.workflow.workflowId;
  if (changed && started !== undefined) return { started };
  if (now.info.numActionsSkippedOverlap <= before.info.numActionsSkippedOverlap) return undefined;
  return { skippedFor: now.info.runningActions[0]?.workflow.workflowId ?? 'another run' };
}
