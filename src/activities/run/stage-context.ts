import { AsyncLocalStorage } from 'node:async_hooks';
import type { LoggerLevel } from '../../contract/run-plan.js';
import type { PartRecorder } from '../../report/index.js';
import type { StageRun, StagingStore } from '../../staging/index.js';

/** What a stage's body gets from its activity. */
export interface StageContext {
  /** Aborts on cancellation, when the worker shuts down and when the attempt stalls. */
  readonly signal: AbortSignal;
  readonly recorder: PartRecorder;
  /** Something was made durable. */
  readonly progress: () => void;
  /** Waits, before something is tried that went wrong just now, and says why: the run's status shows it. */
  readonly wait: (milliseconds: number, why: string) => Promise<void>;
  /** The run's lines have this level from now on: for stages that read the recipe before there is a plan. */
  readonly logAt: (level: LoggerLevel) => void;
}

const contexts = new AsyncLocalStorage<StageContext>();

/**
 * Runs an activity's body with what the interceptor made for this attempt. The rooms it calls only see an AbortSignal.
 */
export async function inStage<T>(body: (context: StageContext) => Promise<T>): Promise<T> {
  const context = contexts.getStore();
  if (context === undefined) throw new Error('An activity runs without the StageInterceptor; the worker must have it.');
  return body(context);
}

/** For the interceptor: everything `work` calls belongs to this stage. */
export function withContext<T>(context: StageContext, work: () => Promise<T>): Promise<T> {
  return contexts.run(context, work);
}

/** What a stage's frame needs from its attempt. */
export function stageRun(
  store: StagingStore,
  { recorder, progress }: StageContext
): StageRun & { readonly recorder: PartRecorder } {
  return { store, recorder, takeFacts: () => recorder.take(), onCommit: progress };
}
