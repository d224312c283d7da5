import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import { Context, activityInfo, log } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { z } from 'zod';
import type { LoggerLevel } from '../../contract/run-plan.js';
import type { LoadedSide, PressureNews } from '../../contract/shared-load.js';
import { AuthenticationError, CatalogBusy, IngestionError, TransientError } from '../../errors/index.js';
import { PartRecorder } from '../../report/index.js';
import { protectNames, redactAndCut } from '../../secrets/index.js';
import { sleep } from '../../openmetadata/index.js';
import { withReach, type Reach } from '../../reach/index.js';
import { OpenCalls, withOpenCalls, withRecorder } from '../../run-context/index.js';
import { Attempts } from './attempts.js';
import { isEvicted, leftBehind } from './left-behind.js';
import type { RunWatch } from './run-watch.js';
import { waitAskedBy } from './slow-down.js';
import { withContext } from './stage-context.js';
import { countFailedAttempt, countStep } from './stage-metrics.js';
import { toFailure } from './to-failure.js';

/**
 * An attempt without progress for this long is ended and tried again: something hangs that heartbeats don't show.
 * Milliseconds.
 */
const STALL_MS = 30 * 60_000;
/** Heartbeats per heartbeat timeout: two may be lost. */
const BEATS = 3;
/** And at least this often: a cancellation arrives with a heartbeat. Milliseconds. */
const BEAT_MS = 2_000;
/** How many characters of a failed attempt's line OpenMetadata's log gets. */
const MOST_LINE = 4_000;
/** How long an activity may take to wrap up once the worker's end cut it off. Milliseconds. */
const WRAP_UP_MS = 3_000;

/** Tells all runs what one of them met. @param except workflow id of a run that knows already */
export type TellRuns = (news: PressureNews, except?: string) => Promise<void>;

/**
 * What all activities share: heartbeats, the stall watchdog, the recorder, cancellation, and the one place where an
 * error of the tree becomes Temporal's.
 */
export class StageInterceptor implements ActivityInboundCallsInterceptor {
  /**
   * @param stallMs milliseconds without progress after which an attempt is ended
   * @param watch tells OpenMetadata about runs while they run; default: nothing does
   * @param reach what recipes sent inline may reach; default: everything
   * @param tellRuns tells runs that a source or a catalog asks to slow down; default: nothing does
   * @param changedSecrets which of a run's secrets have changed since it read them; default: none
   * @param wrapUpMs milliseconds after which an activity that the worker's end cut off is left behind; default: 3,000
   */
  constructor(
    private readonly stallMs = STALL_MS,
    private readonly watch?: Pick<RunWatch, 'begin'>,
    private readonly reach: Reach = {},
    private readonly tellRuns?: TellRuns,
    private readonly changedSecrets?: (run: string) => Promise<readonly string[]>,
    private readonly wrapUpMs = WRAP_UP_MS
  ) {}

  /**
   * One activity feels the pressure, but all are meant: each run slows down by itself. The run of an activity that
   * answers how long to wait does so by that answer; an error reaches no workflow that has it tried again.
   */
  async #tellOfPressure(
    [first]: readonly unknown[],
    side: LoadedSide,
    retryAfterMs: number | undefined,
    knows: boolean
  ): Promise<void> {
    const run = sharing.safeParse(first).data;
    const key = run?.plan.shared[side];
    if (retryAfterMs === undefined || run === undefined || key === undefined) return;
    try {
      await this.tellRuns?.({ side, key, retryAfterMs }, knows ? run.identity.workflowId : undefined);
    } catch (error) {
      log.warn('runs could not be told to slow down', { side, error });
    }
  }

  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    const context = Context.current();
    const info = activityInfo();
    if (info.workflowExecution !== undefined) protectNames([info.workflowExecution.workflowId]);
    const calls = new OpenCalls();
    const attempts = new Attempts(info.attempt, info.heartbeatDetails, Date.now, calls);
    const stalled = new AbortController();
    let stall: TransientError | undefined;
    let progressAt = Date.now();
    const beat = setInterval(
      () => {
        context.heartbeat(attempts.details);
        if (Date.now() - progressAt < this.stallMs) return;
        stall = new TransientError(`${info.activityType} made no progress for ${Math.round(this.stallMs / 1_000)} s.`);
        stalled.abort(stall);
      },
      Math.max(200, Math.min(BEAT_MS, (info.heartbeatTimeoutMs ?? 30_000) / BEATS))
    );
    // the worker's log takes the run's own level from each line
    const line: { loggerLevel: LoggerLevel | undefined } = { loggerLevel: loggerLevelOf(input.args) };
    const watched = this.watch?.begin(info.activityType, input.args, line.loggerLevel);
    const kind = kindOf(input.args);
    const recorder = new PartRecorder(
      (level, text, entity): void => {
        watched?.line(level === 'warn' ? 'WARN' : 'ERROR', entity === undefined ? text : `${entity}: ${text}`);
        log[level](text, entity === undefined ? line : { ...line, entity });
      },
      (step, counts) => countStep(kind, step, counts)
    );
    const begunAt = Date.now();
    log.debug('activity begins', line);
    const progress = (): void => {
      progressAt = Date.now();
      attempts.progress();
    };
    const signal = AbortSignal.any([context.cancellationSignal, stalled.signal]);
    const wait = async (milliseconds: number, why: string): Promise<void> => {
      attempts.trouble(why);
      await sleep(milliseconds, signal);
    };
    const logAt = (level: LoggerLevel): void => void (line.loggerLevel = level);
    watched?.line('DEBUG', 'begins');
    const left = leftBehind(context, this.wrapUpMs);
    try {
      const work = withReach(this.reach, () =>
        withRecorder(recorder, () =>
          withOpenCalls(calls, () => withContext({ signal, recorder, progress, wait, logAt }, () => next(input)))
        )
      );
      const result = await Promise.race([work, left]);
      await this.#tellOfPressure(input.args, 'catalog', askedToWait(result), true);
      watched?.line('INFO', `done in ${((Date.now() - begunAt) / 1_000).toFixed(1)} s`);
      return result;
    } catch (error) {
      const ended = context.cancellationSignal.aborted
        ? await cancellationOf(context)
        : (stall ?? (await this.#rotated(error, input.args)));
      const isCancelled = ended instanceof CancelledFailure || context.cancellationSignal.aborted;
      if (isEvicted(ended)) attempts.evict();
      const since = isCancelled ? undefined : attempts.fail();
      // the heartbeat of a failing attempt is always delivered: the next attempt must know how far this one came
      context.heartbeat(attempts.details);
      watched?.line(
        'ERROR',
        redactAndCut(
          `attempt ${info.attempt} ended: ${ended instanceof Error ? ended.message : String(ended)}`,
          MOST_LINE
        )
      );
      const side = ended instanceof CatalogBusy ? 'catalog' : 'source';
      await this.#tellOfPressure(input.args, side, waitAskedBy(ended), false);
      if (!(ended instanceof CancelledFailure)) countFailedAttempt(kind, causeOf(ended));
      if (ended instanceof ApplicationFailure || ended instanceof CancelledFailure) throw ended;
      throw toFailure(ended, attempts.inVain, {
        ...{ since, scheduledAt: info.scheduledTimestampMs, limitMs: info.scheduleToCloseTimeoutMs },
        activity: info.activityType,
      });
    } finally {
      await Promise.race([watched?.end(), left.catch(() => undefined)]);
      clearInterval(beat);
      log.debug('activity ends', { ...line, milliseconds: Date.now() - begunAt });
    }
  }

  /** A login refused with a secret that was changed meanwhile is tried once more with the new value. */
  async #rotated(error: unknown, [first]: readonly unknown[]): Promise<unknown> {
    const run = ofRun.safeParse(first).data?.identity.pipelineRunId;
    if (!(error instanceof AuthenticationError) || run === undefined) return error;
    const changed = (await this.changedSecrets?.(run)) ?? [];
    if (changed.length === 0) return error;
    return new TransientError(`${error.message} Changed since it was read: ${changed.join(', ')}.`, {
      remedy: 'The next attempt logs in with the new value.',
    });
  }
}

/** How long a stage was asked to wait before it finished. */
function askedToWait(result: unknown): number | undefined {
  return waiting.safeParse(result).data?.retryAfterMs;
}

const waiting = z.object({ retryAfterMs: z.number() });
const sharing = z.object({
  identity: z.object({ workflowId: z.string() }),
  plan: z.object({ shared: z.object({ source: z.string().optional(), catalog: z.string().optional() }) }),
});

const ofKind = z.object({ identity: z.object({ kind: z.string() }) });
const ofRun = z.object({ identity: z.object({ pipelineRunId: z.string() }) });
const planned = z.object({ plan: z.object({ loggerLevel: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']) }) });

/** The run that the activity belongs to, from its plan; undefined before there is a plan. */
function loggerLevelOf([first]: readonly unknown[]): LoggerLevel | undefined {
  return planned.safeParse(first).data?.plan.loggerLevel;
}

function kindOf([first]: readonly unknown[]): string {
  return ofKind.safeParse(first).data?.identity.kind ?? 'none';
}

/** As Temporal shows it: the class of the error. */
function causeOf(error: unknown): string {
  if (error instanceof ApplicationFailure) return error.type ?? 'ApplicationFailure';
  return error instanceof IngestionError ? error.name : 'InternalError';
}

function cancellationOf(context: Context): Promise<unknown> {
  return context.cancelled.catch((cancelled: unknown) => cancelled);
}
