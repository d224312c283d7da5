import { expect } from 'chai';
import type { Activities } from '../../../src/activities/index.js';
import { storeQueues } from '../../../src/contract/task-queues.js';
import { queuesOf } from '../../../src/worker/queues.js';
import { readWorkerSettings } from '../../../src/worker/settings.js';

const STORE = 'ingestion.store';
const { work, publish, alive, parse, parseAlive } = storeQueues(STORE);

/** Slots of each queue of a worker. */
function slotsOf(concurrency: number, tuner: 'fixed' | 'resource' = 'fixed'): Record<string, unknown> {
  const settings = readWorkerSettings({}, { concurrency, tuner, taskQueue: 'ingestion' });
  return Object.fromEntries(
    queuesOf(settings, STORE, {} as Activities, {}).map(({ taskQueue, ...options }) => {
      const { tuner: tuned, maxConcurrentActivityTaskExecutions } = options;
      const most =
        tuned === undefined || !('tunerOptions' in tuned) ? undefined : tuned.activityTaskSlotOptions?.maximumSlots;
      return [taskQueue, maxConcurrentActivityTaskExecutions ?? most];
    })
  );
}

describe('The queues of a worker', () => {
  for (const tuner of ['fixed', 'resource'] as const)
    it(`give the concurrency to the activities of its store alone, and as many slots to publishing (${tuner})`, () => {
      const { [parse]: parsing, ...slots } = slotsOf(7, tuner);
      expect(slots).to.deep.equal({ ingestion: 2, [work]: 7, [publish]: 7, [alive]: 1, [parseAlive]: 1 });
      expect(parsing).to.be.within(1, 7);
    });
});
