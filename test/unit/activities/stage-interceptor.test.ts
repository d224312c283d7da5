import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { expect } from 'chai';
import { z } from 'zod';
import { AuthenticationError, TransientError } from '../../../src/errors/index.js';
import { inStage, type StageContext } from '../../../src/activities/run/stage-context.js';
import { StageInterceptor } from '../../../src/activities/run/stage-interceptor.js';
import { registerSecret } from '../../../src/secrets/index.js';
import { currentRecorder } from '../../../src/run-context/index.js';
import { countsOf } from '../../../src/report/index.js';

const until = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('the driver was closed'))));

/** A failing activity is what these tests are about: no need to log it. */
const QUIET = { logger: new DefaultLogger('ERROR') };

/** A body as an activity of a worker that has the interceptor. */
const intercepted = <T>(body: (context: StageContext) => Promise<T>, stallMs?: number): (() => Promise<T>) => {
  const input = { args: [], headers: {} };
  return () => new StageInterceptor(stallMs).execute(input, () => inStage(body)) as Promise<T>;
};

/** What becomes of a refused login of run r1, of whose secrets these have changed since it read them. */
async function afterRefusal(changed: readonly string[]): Promise<unknown> {
  const asked: string[] = [];
  const changedSecrets = (run: string): Promise<readonly string[]> => {
    asked.push(run);
    return Promise.resolve(changed);
  };
  const input = { args: [{ identity: { pipelineRunId: 'r1' } }], headers: {} };
  const body = (): Promise<never> => Promise.reject(new AuthenticationError('MySQL refused the user or password.'));
  const failure: unknown = await new MockActivityEnvironment({}, QUIET)
    .run(() =>
      new StageInterceptor(undefined, undefined, {}, undefined, changedSecrets).execute(input, () => inStage(body))
    )
    .catch((error: unknown) => error);
  expect(asked).to.deep.equal(['r1']);
  return failure;
}

describe('The interceptor of activities', () => {
  it('ends the run when a login is refused, unless a secret of the run was changed since it was read: then the step is tried again', async () => {
    expect(await afterRefusal([])).to.include({
      type: 'AuthenticationError',
      nonRetryable: true,
      message: 'MySQL refused the user or password.',
    });
    const again = await afterRefusal(['secret:/om/shop']);
    expect(again).to.include({ type: 'TransientError', nonRetryable: false });
    expect(String(again)).to.include(
      'MySQL refused the user or password. Changed since it was read: secret:/om/shop. The next attempt logs in with the new value.'
    );
  });

  it("gives lines the level that the recipe turns out to have, for the worker's log to judge by", async () => {
    const levels: unknown[] = [];
    const logger = new DefaultLogger('DEBUG', ({ message, meta }) => levels.push([message, meta?.['loggerLevel']]));
    await new MockActivityEnvironment({}, { logger }).run(
      intercepted(async ({ recorder, logAt }) => {
        logAt('ERROR');
        recorder.warning('source', 'ownerConfig has no effect');
      })
    );
    expect(levels)
      .to.deep.include(['ownerConfig has no effect', 'ERROR'])
      .and.to.deep.include(['activity ends', 'ERROR']);
  });

  it('says with its heartbeats what an attempt struggles with, without secrets, and waits no longer than it is wanted', async () => {
    const environment = new MockActivityEnvironment({ heartbeatTimeoutMs: 600 }, QUIET);
    const beats: unknown[] = [];
    environment.on('heartbeat', (details: unknown) => beats.push(details));
    registerSecret('hunter2-of-the-interceptor');
    const begun = Date.now();
    const ended = environment
      .run(
        intercepted(async ({ wait }) => {
          await wait(1, 'POST answered 503');
          await wait(60_000, 'POST with hunter2-of-the-interceptor answered 502');
        })
      )
      .catch((error: unknown) => error);
    while (beats.length === 0) await sleep(20);
    environment.cancel();
    expect(await ended).to.be.instanceOf(CancelledFailure);
    const [first] = beats as [{ trouble: { why: string; since: number; last: number; times: number } }];
    expect(first.trouble).to.include({ times: 2 });
    expect(first.trouble.why)
      .to.match(/^POST with .* answered 502$/)
      .and.not.contain('hunter2');
    expect(first.trouble.since).to.be.within(begun, first.trouble.last);
  });

  it('aborts its signal on cancellation and ends as cancelled, whatever the driver says then', async () => {
    const environment = new MockActivityEnvironment({ heartbeatTimeoutMs: 30_000 }, QUIET);
    const ended = environment.run(intercepted(({ signal }) => until(signal))).catch((error: unknown) => error);
    environment.cancel();
    expect(await ended).to.be.instanceOf(CancelledFailure);
  });

  it('leaves behind what does not end once its worker does, with its log that nobody takes, and says how far it came', async () => {
    const environment = new MockActivityEnvironment({ attempt: 3, heartbeatTimeoutMs: 30_000 }, QUIET);
    const beats: unknown[] = [];
    environment.on('heartbeat', (details: unknown) => beats.push(details));
    const never = (): Promise<never> => new Promise<never>(() => undefined);
    const watch = { begin: () => ({ line: () => undefined, end: never }) };
    const interceptor = new StageInterceptor(undefined, watch, {}, undefined, undefined, 1);
    const body = (): Promise<unknown> => interceptor.execute({ args: [], headers: {} }, () => inStage(never));
    const ended = environment.run(body).catch((error: unknown) => error);
    environment.cancel('WORKER_SHUTDOWN');
    expect(await ended).to.be.instanceOf(CancelledFailure);
    expect(beats).to.deep.equal([{ done: 0, attempt: 0, evicted: 1 }]);
  });

  it('tells with its heartbeats how far it came, and in which attempt', async () => {
    const environment = new MockActivityEnvironment({ attempt: 4, heartbeatTimeoutMs: 600 }, QUIET);
    const beat = new Promise<unknown>((resolve) => environment.on('heartbeat', resolve));
    await environment.run(
      intercepted(async ({ progress }) => {
        progress();
        progress();
        await beat;
      })
    );
    expect(await beat).to.deep.equal({ done: 2, attempt: 4, evicted: 0 });
  });

  it('tells the same at once when it fails, before any heartbeat was due, and sends none when it is done that soon', async () => {
    const beats = async (body: () => void): Promise<unknown[]> => {
      const environment = new MockActivityEnvironment({ attempt: 4, heartbeatTimeoutMs: 30_000 }, QUIET);
      const sent: unknown[] = [];
      environment.on('heartbeat', (details: unknown) => sent.push(details));
      await environment
        .run(
          intercepted(async ({ progress }) => {
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
    const before = Date.now();
    const [failed, ...others] = z.array(z.object({ failingSince: z.number() }).loose()).parse(await beats(fail));
    expect(others).to.deep.equal([]);
    expect(failed).to.deep.include({ done: 1, attempt: 4, evicted: 0 });
    expect(failed?.failingSince).to.be.within(before, Date.now());
  });

  it('goes on with heartbeats while nothing is finished, without claiming progress', async () => {
    const environment = new MockActivityEnvironment({ attempt: 2, heartbeatTimeoutMs: 600 }, QUIET);
    const beat = new Promise<unknown>((resolve) => environment.on('heartbeat', resolve));
    await environment.run(intercepted(async () => void (await beat)));
    expect(await beat).to.deep.equal({ done: 0, attempt: 0, evicted: 0 });
  });

  it('ends an attempt that beats but gets nowhere, so that it is tried again, and leaves alone one that goes on', async () => {
    const environment = new MockActivityEnvironment({ heartbeatTimeoutMs: 600 }, QUIET);
    const stalled: unknown = await environment
      .run(intercepted(({ signal }) => until(signal), 500))
      .catch((error: unknown) => error);
    expect(stalled).to.be.instanceOf(ApplicationFailure).with.property('message').that.includes('made no progress');
    const working = new MockActivityEnvironment({ heartbeatTimeoutMs: 600 }, QUIET);
    const steps = await working.run(
      intercepted(async ({ progress, signal }) => {
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
        new MockActivityEnvironment({}, QUIET).run(
          intercepted(async ({ recorder }) => {
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

  const failing = (error: unknown, info: object = {}, progressed = false): Promise<unknown> =>
    new MockActivityEnvironment(info, QUIET)
      .run(
        intercepted(async ({ progress }) => {
          if (progressed) progress();
          throw error;
        })
      )
      .catch((each: unknown) => each);

  it('lets cancellations and failures made on purpose pass as they are', async () => {
    const cancelled = new CancelledFailure('CANCELLED');
    const failure = ApplicationFailure.retryable('x', 'Own');
    expect([await failing(cancelled), await failing(failure)]).to.deep.equal([cancelled, failure]);
  });

  it('counts attempts from the last progress on', async () => {
    const at = (attempt: number, progressed: number): Promise<unknown> =>
      failing(new TransientError('reset'), { attempt, heartbeatDetails: { done: 3, attempt: progressed } });
    expect(await at(30, 11)).to.have.property('nonRetryable', false);
    expect(await at(30, 10)).to.have.property('nonRetryable', true);
  });

  it('counts the progress of the very attempt that fails', async () => {
    const info = { attempt: 20, heartbeatDetails: { done: 0, attempt: 0 } };
    expect(await failing(new TransientError('reset'), info, true)).to.have.property('nonRetryable', false);
    expect(await failing(new TransientError('reset'), info)).to.have.property('nonRetryable', true);
  });

  it('does not count attempts that ended because their worker was told to stop', async () => {
    const environment = new MockActivityEnvironment({ attempt: 7, heartbeatDetails: { done: 0, attempt: 4 } }, QUIET);
    const beats: unknown[] = [];
    environment.on('heartbeat', (details: unknown) => beats.push(details));
    const ended = environment.run(intercepted(({ signal }) => until(signal))).catch((error: unknown) => error);
    environment.cancel('WORKER_SHUTDOWN');
    expect(await ended).to.be.instanceOf(CancelledFailure);
    expect(beats.at(-1)).to.deep.equal({ done: 0, attempt: 4, evicted: 1 });
    const at = (attempt: number): Promise<unknown> =>
      failing(new TransientError('reset'), { attempt, heartbeatDetails: { done: 0, attempt: 0, evicted: 5 } });
    expect(await at(24)).to.have.property('nonRetryable', false);
    expect(await at(25)).to.have.property('nonRetryable', true);
  });

  it('takes heartbeat details of another version as no progress', async () => {
    const error = await failing(new TransientError('reset'), { attempt: 20, heartbeatDetails: 'cursor 7' });
    expect(error).to.have.property('nonRetryable', true);
  });
});
