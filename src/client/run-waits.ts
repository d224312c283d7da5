import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { LoadedDataConverter, Payload } from '@temporalio/common';
import { z } from 'zod';
import { IngestionError } from '../errors/index.js';
import { redact } from '../secrets/index.js';

/** An activity of a run, or its workflow task, that failed and will be tried again: what the run waits for. */
export interface RunWait {
  /** `prepareRun`, `extractUnit`; `its workflow task` for the run's own code. */
  readonly activity: string;
  /** Why its last attempt failed, and what to do about it. */
  readonly reason: string;
  /** Attempts so far. */
  readonly attempts: number;
  /** Absent while an attempt is running. */
  readonly nextAttemptAt?: Date;
}

/** Times without milliseconds, for people. */
const SECONDS = /\.\d+Z$/;

/** What a run waits for, as Temporal itself knows it: no worker has to answer. */
export async function runWaits(
  { raw }: WorkflowExecutionDescription,
  converter: LoadedDataConverter
): Promise<readonly RunWait[]> {
  const waits = (raw.pendingActivities ?? []).map(async (pending): Promise<RunWait[]> => {
    const attempt = pending.attempt ?? 1;
    if (attempt < 2) return [];
    const reason = await reasonOf(pending.lastFailure ?? {}, converter);
    if (reason === '') return [];
    const next = toDate(pending.nextAttemptScheduleTime ?? pending.scheduledTime);
    const isAhead = next !== undefined && next.getTime() > Date.now();
    return [
      {
        activity: pending.activityType?.name ?? 'an activity',
        reason: redact(reason),
        attempts: attempt - 1,
        ...(isAhead ? { nextAttemptAt: next } : {}),
      },
    ];
  });
  return (await Promise.all(waits)).flat();
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
export function waitText({ activity, reason, attempts, nextAttemptAt }: RunWait): string {
  const tries = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
  const next = nextAttemptAt === undefined ? 'another one is under way' : `the next at ${timeText(nextAttemptAt)}`;
  const stop = /[.!?]$/.test(reason) ? '' : '.';
  return `waits in ${activity}: ${reason}${stop} ${tries}, ${next}`;
}

function timeText(time: Date): string {
  return time.toISOString().replace(SECONDS, 'Z');
}
