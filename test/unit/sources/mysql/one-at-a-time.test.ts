import { expect } from 'chai';
import { oneAtATime } from '../../../../src/sources/mysql/one-at-a-time.js';

const NEVER = new AbortController().signal;

/** A piece of work that ends when it is told to. */
function held(): { work: () => Promise<void>; started: () => boolean; end: () => void } {
  let started = false;
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return {
    work: () => {
      started = true;
      return ended;
    },
    started: () => started,
    end: () => end(),
  };
}
const turns = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Work on one server', () => {
  it('is done one after the other, in the order it came; another server is not waited for', async () => {
    const [first, second, elsewhere] = [held(), held(), held()];
    const running = [
      oneAtATime('a', NEVER, first.work),
      oneAtATime('a', NEVER, second.work),
      oneAtATime('b', NEVER, elsewhere.work),
    ];
    await turns();
    expect([first.started(), second.started(), elsewhere.started()]).to.deep.equal([true, false, true]);
    first.end();
    await running[0];
    await turns();
    expect(second.started()).to.equal(true);
    second.end();
    elsewhere.end();
    await Promise.all(running);
  });

  it('that fails lets the next one go on', async () => {
    const failed = oneAtATime('a', NEVER, () => Promise.reject(new Error('refused')));
    const next = oneAtATime('a', NEVER, async () => 7);
    expect(await failed.catch((error: unknown) => error)).to.have.property('message', 'refused');
    expect(await next).to.equal(7);
  });

  it('stops waiting when it is aborted, and is never begun then', async () => {
    const [first, second] = [held(), held()];
    const aborting = new AbortController();
    const running = oneAtATime('a', NEVER, first.work);
    const waiting = oneAtATime('a', aborting.signal, second.work);
    await turns();
    aborting.abort(new Error('cancelled'));
    expect(await waiting.catch((error: unknown) => error)).to.have.property('message', 'cancelled');
    first.end();
    await running;
    await turns();
    expect(second.started()).to.equal(false);
    const late = oneAtATime('a', aborting.signal, second.work);
    expect(await late.catch((error: unknown) => error)).to.have.property('message', 'cancelled');
  });
});
