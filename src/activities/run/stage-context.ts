import { AsyncLocalStorage } from 'node:async_hooks';
import type { PartRecorder } from '../../report/index.js';
import type { StageRun, StagingStore } from '../../staging/index.js';

/** What a stage's body gets from its activity. */
export interface StageContext {
  /** Aborts on cancellation, on worker shutdown and when the attempt stalls. */
  readonly signal: AbortSignal;
  readonly recorder: PartRecorder;
  /** Something durable was done. */
  readonly progress: () => void;
}

const contexts = new AsyncLocalStorage<StageContext>();

/**
 * Runs an activity's body with what the interceptor made for this attempt. The rooms it calls see an AbortSignal only.
 */
export async function inStage<T>(body: (context: StageContext) => Promise<T>): Promise<T> {
  const context = contexts.getStore();
  if (context === undefined) throw new Error('An activity runs without the StageInterceptor; the worker must have it.');
  return body(context);
}

/** For the interceptor: whatever `work` calls is in this stage. */
export function withContext<T>(context: StageContext, work: () => Promise<T>): Promise<T> {
  return contexts.run(context, work);
}

/** What a stage's frame needs of its attempt. */
export function stageRun(
  store: StagingStore,
  { recorder, progress }: StageContext
): StageRun & { readonly recorder: PartRecorder } {
  return { store, recorder, takeFacts: () => recorder.take(), onCommit: progress };
}
