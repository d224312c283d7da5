import { Context, activityInfo, log } from '@temporalio/activity';
import { z } from 'zod';
import { TransientError } from '../../errors/index.js';
import { PartRecorder } from '../../report/index.js';
import type { StageRun, StagingStore } from '../../staging/index.js';
import { withRecorder } from '../../run-context/index.js';

/** An attempt without any progress for this long is ended, to be tried again: something hangs that heartbeats can't see. Milliseconds. */
const STALL_MS = 30 * 60_000;
/** Heartbeats per heartbeat time-out: two may be lost. */
const BEATS = 3;
/** And not less often than this: a cancellation comes back with a heartbeat. Milliseconds. */
const BEAT_MS = 2_000;

/** Heartbeat details: a hint for people and for giving up, never the truth; that is staged. */
const beatDetails = z.object({ done: z.number(), attempt: z.number() });
export type BeatDetails = z.infer<typeof beatDetails>;

/** What a stage's body gets from its activity. */
export interface StageContext {
  /** Aborts on cancellation, on worker shutdown and when the attempt stalls. */
  readonly signal: AbortSignal;
  readonly recorder: PartRecorder;
  /** Something durable was done. */
  readonly progress: () => void;
}

/**
 * Runs an activity's body with heartbeats, cancellation and the stall watchdog. The rooms it calls see an AbortSignal only.
 * @param stallMs milliseconds without progress after which the attempt is ended
 * @throws TransientError when it was, so that another attempt follows
 */
export async function inStage<T>(body: (context: StageContext) => Promise<T>, stallMs = STALL_MS): Promise<T> {
  const context = Context.current();
  const info = activityInfo();
  const stalled = new AbortController();
  let stall: TransientError | undefined;
  let details: BeatDetails = { done: 0, attempt: lastProgress(info.heartbeatDetails) };
  let progressAt = Date.now();

  const beat = setInterval(
    () => {
      context.heartbeat(details);
      if (Date.now() - progressAt < stallMs) return;
      stall = new TransientError(`${info.activityType} made no progress for ${Math.round(stallMs / 1_000)} s.`);
      stalled.abort(stall);
    },
    Math.max(200, Math.min(BEAT_MS, (info.heartbeatTimeoutMs ?? 30_000) / BEATS))
  );
  const recorder = new PartRecorder((level, text, entity): void => {
    log[level](text, entity === undefined ? {} : { entity });
  });
  const progress = (): void => {
    progressAt = Date.now();
    details = { done: details.done + 1, attempt: info.attempt };
  };
  try {
    const signal = AbortSignal.any([context.cancellationSignal, stalled.signal]);
    const result: T = await withRecorder(recorder, () => body({ signal, recorder, progress }));
    return result;
  } catch (error) {
    // A heartbeat of a failing attempt is always delivered: the next one is to know how far this one came.
    context.heartbeat(details);
    if (context.cancellationSignal.aborted) await context.cancelled;
    if (stall !== undefined) throw stall;
    throw error;
  } finally {
    clearInterval(beat);
  }
}

/** What a stage's frame needs of its attempt. */
export function stageRun(
  store: StagingStore,
  { recorder, progress }: StageContext
): StageRun & { readonly recorder: PartRecorder } {
  return { store, recorder, takeFacts: () => recorder.take(), onCommit: progress };
}

/** The attempt that last made progress; details of another version of this worker are ignored. */
export function lastProgress(heartbeatDetails: unknown): number {
  const parsed = beatDetails.safeParse(heartbeatDetails);
  return parsed.success ? parsed.data.attempt : 0;
}
