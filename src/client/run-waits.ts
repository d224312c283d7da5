import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { LoadedDataConverter, Payload } from '@temporalio/common';
import { z } from 'zod';
import type { Silence, Trouble } from '../contract/trouble.js';
import { LONGEST_SILENCE_MS } from '../contract/waits.js';
import { IngestionError } from '../errors/index.js';
import { redact } from '../secrets/index.js';

/**
 * An activity of a run, or its workflow task, that failed and will be tried again, or whose calls fail again and again:
 * what the run waits for.
 */
export interface RunWait {
  /** `prepareRun`, `extractUnit`; `its workflow task` for the run's own code. */
  readonly activity: string;
  /** Why its last attempt failed, and what to do about it. */
  readonly reason: string;
  /** Attempts so far that failed; 0 while the first one struggles on. */
  readonly attempts: number;
  /** Its calls fail or are not answered, and it goes on by itself. */
  readonly struggles?: true;
  /** Absent while an attempt is running, and when one is due. */
  readonly nextAttemptAt?: Date;
  /** Since when the next attempt is due and no worker has taken it. */
  readonly dueSince?: Date;
}

/** `PENDING_ACTIVITY_STATE_SCHEDULED` and `PENDING_WORKFLOW_TASK_STATE_SCHEDULED`. */
const SCHEDULED = 1;

/** Times without milliseconds, for people. */
const SECONDS = /\.\d+Z$/;

/** What a run waits for, as Temporal itself knows it: no worker has to answer. */
export async function runWaits(
  { raw }: WorkflowExecutionDescription,
  converter: LoadedDataConverter
): Promise<readonly RunWait[]> {
  const waits = (raw.pendingActivities ?? []).map(async (pending): Promise<RunWait[]> => {
    const attempt = pending.attempt ?? 1;
    const said = isScheduled(pending) ? {} : await beatOf(pending.heartbeatDetails?.payloads, converter);
    const trouble = troubleOf(said);
    const activity = pending.activityType?.name ?? 'an activity';
    if (trouble !== undefined) return [{ activity, reason: trouble, attempts: attempt - 1, struggles: true }];
    // what the last attempt failed with is over once this one has come further
    if (attempt < 2 || said.attempt === attempt) return [];
    const reason = await reasonOf(pending.lastFailure ?? {}, converter);
    if (reason === '') return [];
    const next = toDate(pending.nextAttemptScheduleTime ?? pending.scheduledTime);
    const isAhead = next !== undefined && next.getTime() > Date.now();
    const isDue = next !== undefined && !isAhead && isScheduled(pending);
    return [
      {
        activity,
        reason: redact(reason),
        attempts: attempt - 1,
        ...(isAhead ? { nextAttemptAt: next } : {}),
        ...(isDue ? { dueSince: next } : {}),
      },
    ];
  });
  return (await Promise.all(waits)).flat();
}

/** Since when a task of the run, its own or an activity's, is due and no worker has taken it. */
export function workerAwaitedSince({ raw }: Pick<WorkflowExecutionDescription, 'raw'>): Date | undefined {
  const due = [
    workflowTaskDue({ raw }),
    ...(raw.pendingActivities ?? [])
      .filter(isScheduled)
      .map((pending) => toDate(pending.nextAttemptScheduleTime ?? pending.scheduledTime)),
  ].filter((time) => time !== undefined && time.getTime() <= Date.now());
  return due.sort((a, b) => Number(a) - Number(b))[0];
}

/** Since when the run's own task is due and no worker has taken it. */
export function workflowTaskDue({ raw }: Pick<WorkflowExecutionDescription, 'raw'>): Date | undefined {
  const task = raw.pendingWorkflowTask;
  if (task === undefined || task === null || !isScheduled(task)) return undefined;
  return toDate(task.originalScheduledTime ?? task.scheduledTime);
}

/** No worker has it. */
export function isScheduled({ state }: { readonly state?: number | null }): boolean {
  return state === SCHEDULED;
}

/** What the attempt that is under way says of itself with its heartbeats. */
async function beatOf(
  payloads: readonly Payload[] | null | undefined,
  converter: LoadedDataConverter
): Promise<z.infer<typeof beat>> {
  const [details] = await decoded(payloads ?? [], converter).catch(() => []);
  return beat.safeParse(details).data ?? {};
}

function troubleOf({ trouble, silence }: z.infer<typeof beat>): string | undefined {
  const said = [
    ...(trouble === undefined ? [] : [failingText(trouble)]),
    ...(silence === undefined ? [] : [silenceText(silence)]),
  ];
  return said.length === 0 ? undefined : redact(said.join(' '));
}

function failingText({ why, since, times }: Trouble): string {
  const calls = times === 1 ? '1 call has failed' : `${times} calls have failed`;
  const begun = timeText(new Date(since));
  const what = `${calls} since ${begun}, what each of them wanted is looked up and sent again where it did not arrive.`;
  return `${what} The newest: ${why.replace(/\.?$/, '.')}`;
}

function silenceText({ call, since }: Silence): string {
  const until = `${LONGEST_SILENCE_MS / 1_000} s without an answer end it, then the worker goes on by itself.`;
  return `OpenMetadata has not answered ${call} since ${timeText(new Date(since))}: ${until}`;
}

const beat = z.object({
  /** The attempt that last made progress. */
  attempt: z.number().optional(),
  trouble: z.object({ why: z.string(), since: z.number(), last: z.number(), times: z.number() }).optional(),
  silence: z.object({ call: z.string(), since: z.number() }).optional(),
});

async function decoded(payloads: readonly Payload[], converter: LoadedDataConverter): Promise<unknown[]> {
  let plain = [...payloads];
  for (const codec of converter.payloadCodecs) plain = await codec.decode(plain);
  return plain.map((payload) => converter.payloadConverter.fromPayload<unknown>(payload));
}

interface StoredFailure {
  readonly message?: string | null;
  readonly encodedAttributes?: Payload | null;
}

/** For a run with encrypted payloads, the reason is a payload too. */
export async function reasonOf(
  { message, encodedAttributes }: StoredFailure,
  converter: LoadedDataConverter
): Promise<string> {
  if (encodedAttributes === undefined || encodedAttributes === null) return message ?? '';
  let payloads = [encodedAttributes];
  try {
    for (const codec of converter.payloadCodecs) payloads = await codec.decode(payloads);
  } catch (error) {
    if (error instanceof IngestionError) return `a reason that can't be read here: ${error.describe()}`;
    throw error;
  }
  const [payload] = payloads;
  const attributes = payload === undefined ? undefined : converter.payloadConverter.fromPayload<unknown>(payload);
  return encoded.safeParse(attributes).data?.message ?? message ?? '';
}

const encoded = z.object({ message: z.string() });

interface Timestamp {
  readonly seconds?: { toNumber(): number } | null;
  readonly nanos?: number | null;
}

/** From a protobuf timestamp, whose seconds are a 64-bit number of the protobuf library. */
export function toDate(timestamp: Timestamp | null | undefined): Date | undefined {
  const seconds = timestamp?.seconds?.toNumber();
  return seconds === undefined ? undefined : new Date(seconds * 1000 + (timestamp?.nanos ?? 0) / 1e6);
}

/**
 * `waits in prepareRun: nothing listens there. Waiting since 10:00:01Z. 3 attempts, the next at 10:01:00Z`; the reason
 * says since when.
 */
export function waitText({ activity, reason, attempts, nextAttemptAt, dueSince }: RunWait): string {
  if (attempts === 0) return `waits in ${activity}: ${reason}`;
  const tries = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
  const stop = /[.!?]$/.test(reason) ? '' : '.';
  return `waits in ${activity}: ${reason}${stop} ${tries}, ${nextText(nextAttemptAt, dueSince)}`;
}

function nextText(at: Date | undefined, due: Date | undefined): string {
  if (at !== undefined) return `the next at ${timeText(at)}`;
  return due === undefined ? 'another one is under way' : `the next waits for a worker since ${timeText(due)}`;
}

export function timeText(time: Date): string {
  return time.toISOString().replace(SECONDS, 'Z');
}
