import { expect } from 'chai';
import { withHeadStart, type Started } from '../../../../src/sources/common/head-start.js';

const NEVER = new AbortController().signal;
const HOUR = 3_600_000;

/** Something to start, whose rows arrive when they are told to. */
function held(): { start: () => Started<string>; started: () => boolean; arrive: () => void } {
  let started = false;
  let arrive: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  return {
    start: () => {
      started = true;
      return { value: 'rows', arrived };
    },
    started: () => started,
    arrive: () => arrive(),
  };
}
const turns = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const messageOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : error)
  );

describe('A head start on one server', () => {
  it('keeps the next one waiting until rows are there; another server is not waited for', async () => {
    const [first, second, elsewhere] = [held(), held(), held()];
    const running = [
      withHeadStart('a', NEVER, first.start, HOUR),
      withHeadStart('a', NEVER, second.start, HOUR),
      withHeadStart('b', NEVER, elsewhere.start, HOUR),
    ];
    await turns();
    expect([first.started(), second.started(), elsewhere.started()]).to.deep.equal([true, false, true]);
    first.arrive();
    expect(await running[0]).to.equal('rows');
    await turns();
    expect(second.started()).to.equal(true);
    second.arrive();
    elsewhere.arrive();
    await Promise.all(running);
  });

  it('is over after its time, rows or not', async () => {
    const [first, second] = [held(), held()];
    const running = withHeadStart('a', NEVER, first.start, 5);
    const next = withHeadStart('a', NEVER, second.start, 5);
    expect(await running).to.equal('rows');
    expect(await next).to.equal('rows');
    expect(second.started()).to.equal(true);
  });

  it('that fails lets the next one go on', async () => {
    const failed = withHeadStart('a', NEVER, () => {
      throw new Error('refused');
    });
    const next = held();
    const running = withHeadStart('a', NEVER, next.start, HOUR);
    expect(await messageOf(failed)).to.equal('refused');
    next.arrive();
    expect(await running).to.equal('rows');
  });

  it('gives what was started also when it is aborted then: that is to be closed', async () => {
    const first = held();
    const aborting = new AbortController();
    const running = withHeadStart('a', aborting.signal, first.start, HOUR);
    await turns();
    aborting.abort(new Error('cancelled'));
    first.arrive();
    expect(await running).to.equal('rows');
  });

  it('stops waiting when it is aborted, and starts nothing then', async () => {
    const [first, second] = [held(), held()];
    const aborting = new AbortController();
    const running = withHeadStart('a', NEVER, first.start, HOUR);
    const waiting = withHeadStart('a', aborting.signal, second.start, HOUR);
    await turns();
    aborting.abort(new Error('cancelled'));
    expect(await messageOf(waiting)).to.equal('cancelled');
    first.arrive();
    await running;
    await turns();
    expect(second.started()).to.equal(false);
    expect(await messageOf(withHeadStart('a', aborting.signal, second.start, HOUR))).to.equal('cancelled');
  });
});
