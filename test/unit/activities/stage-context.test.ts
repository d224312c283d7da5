import { setTimeout as sleep } from 'node:timers/promises';
import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { expect } from 'chai';
import { TransientError } from '../../../src/errors/index.js';
import { inStage } from '../../../src/activities/run/stage-context.js';
import { currentRecorder } from '../../../src/run-context/index.js';
import { countsOf } from '../../../src/report/index.js';

const until = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('the driver was closed'))));

/** A failing activity is what these tests are about: no need to log it. */
const QUIET = { logger: new DefaultLogger('ERROR') };

describe('The context of a stage', () => {
  it('aborts its signal on cancellation and ends as cancelled, whatever the driver says then', async () => {
    const environment = new MockActivityEnvironment({ heartbeatTimeoutMs: 30_000 }, QUIET);
    const ended = environment.run(() => inStage(({ signal }) => until(signal))).catch((error: unknown) => error);
    environment.cancel();
    expect(await ended).to.be.instanceOf(CancelledFailure);
  });

  it('tells with its heartbeats how far it came, and in which attempt', async () => {
    const environment = new MockActivityEnvironment({ attempt: 4, heartbeatTimeoutMs: 600 }, QUIET);
    const beat = new Promise<unknown>((resolve) => environment.on('heartbeat', resolve));
    await environment.run(() =>
      inStage(async ({ progress }) => {
        progress();
        progress();
        await beat;
      })
    );
    expect(await beat).to.deep.equal({ done: 2, attempt: 4 });
  });

  it('tells the same at once when it fails, before any heartbeat was due, and sends none when it is done that soon', async () => {
    const beats = async (body: () => void): Promise<unknown[]> => {
      const environment = new MockActivityEnvironment({ attempt: 4, heartbeatTimeoutMs: 30_000 }, QUIET);
      const sent: unknown[] = [];
      environment.on('heartbeat', (details: unknown) => sent.push(details));
      await environment
        .run(() =>
          inStage(async ({ progress }) => {
            progress();
            body();
          })
        )
        .catch(() => undefined);
      return sent;
    };
    expect(await beats(() => undefined)).to.deep.equal([]);
    const fail = (): never => {
      throw new TransientError('reset');
    };
    expect(await beats(fail)).to.deep.equal([{ done: 1, attempt: 4 }]);
  });

  it('goes on with heartbeats while nothing is finished, without claiming progress', async () => {
    const environment = new MockActivityEnvironment({ attempt: 2, heartbeatTimeoutMs: 600 }, QUIET);
    const beat = new Promise<unknown>((resolve) => environment.on('heartbeat', resolve));
    await environment.run(() => inStage(async () => void (await beat)));
    expect(await beat).to.deep.equal({ done: 0, attempt: 0 });
  });

  it('ends an attempt that beats but gets nowhere, so that it is tried again, and leaves alone one that goes on', async () => {
    const environment = new MockActivityEnvironment({ heartbeatTimeoutMs: 600 }, QUIET);
    const stalled: unknown = await environment
      .run(() => inStage(({ signal }) => until(signal), 500))
      .catch((error: unknown) => error);
    expect(stalled).to.be.instanceOf(TransientError).with.property('message').that.includes('made no progress');
    const working = new MockActivityEnvironment({ heartbeatTimeoutMs: 600 }, QUIET);
    const steps = await working.run(() =>
      inStage(async ({ progress, signal }) => {
        for (let step = 0; step < 10; step += 1) {
          await sleep(100, undefined, { signal });
          progress();
        }
        return 10;
      }, 500)
    );
    expect(steps).to.equal(10);
  });

  it('gives each stage its own recorder, also to connections that two stages share', async () => {
    const counts = await Promise.all(
      [1, 2].map((n) =>
        new MockActivityEnvironment({}, QUIET).run(() =>
          inStage(async ({ recorder }) => {
            for (let i = 0; i < n; i += 1) {
              await new Promise((resolve) => setImmediate(resolve));
              currentRecorder()?.count('sink', { requests: 1 });
            }
            return countsOf(recorder.take(), 'sink').requests;
          })
        )
      )
    );
    expect(counts).to.deep.equal([1, 2]);
    expect(currentRecorder()).to.equal(undefined);
  });
});
