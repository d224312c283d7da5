import { AsyncLocalStorage } from 'node:async_hooks';
import type { PartRecorder } from '../report/index.js';

const recorders = new AsyncLocalStorage<PartRecorder>();

/** Runs a stage's body so that whatever it calls finds its recorder. */
export function withRecorder<T>(recorder: PartRecorder, body: () => Promise<T>): Promise<T> {
  return recorders.run(recorder, body);
}

/** The recorder of the stage that is running here: connections shared by stages count their calls with it. */
export function currentRecorder(): PartRecorder | undefined {
  return recorders.getStore();
}
