import { createHook } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import { expect } from 'chai';
import { streamRows, type RowConnection } from '../../../../src/sources/mysql/row-stream.js';

/** What of a driver's connection the stream uses; the test plays the server. */
class FakeConnection extends EventEmitter implements RowConnection {
  readonly statement = new EventEmitter();
  paused = 0;
  resumed = 0;
  query(): EventEmitter {
    return this.statement;
  }
  pause(): void {
    this.paused += 1;
  }
  resume(): void {
    this.resumed += 1;
  }
}

function start(
  signal = new AbortController().signal,
  stallMs = 5_000
): { fake: FakeConnection; rows: Promise<unknown[]> } {
  const fake = new FakeConnection();
  const read = async (): Promise<unknown[]> => {
    const rows: unknown[] = [];
    for await (const batch of streamRows(fake, 'SELECT 1', { signal, stallMs, onWaited: () => undefined }))
      rows.push(...batch);
    return rows;
  };
  return { fake, rows: read() };
}

async function messageOf(rows: Promise<unknown[]>): Promise<string> {
  return rows.then(
    () => 'ended',
    (error: unknown) => (error instanceof Error ? error.message : String(error))
  );
}

describe('Row stream', () => {
  it('ends only at the end that the server says', async () => {
    const { fake, rows } = start();
    fake.statement.emit('result', { id: 1 });
    fake.statement.emit('result', { id: 2 });
    fake.statement.emit('end');
    expect(await rows).to.deep.equal([{ id: 1 }, { id: 2 }]);
  });

  it('is woken up once by the rows of a packet, not by each of them', async () => {
    const { fake, rows } = start();
    let turns = 0;
    const count = createHook({
      init: (_id, type) => {
        if (type === 'Immediate') turns += 1;
      },
    }).enable();
    for (let id = 0; id < 400; id += 1) fake.statement.emit('result', { id });
    fake.statement.emit('end');
    count.disable();
    expect(await rows).to.have.length(400);
    expect(turns).to.equal(1);
  });

  it('throws what the driver reports on the connection alone: a lost connection', async () => {
    const { fake, rows } = start();
    fake.statement.emit('result', { id: 1 });
    fake.emit('error', new Error('lost'));
    expect(await messageOf(rows)).to.equal('lost');
  });

  it('throws an error of the statement even though the driver emits end after it', async () => {
    const { fake, rows } = start();
    fake.statement.emit('error', new Error('interrupted'));
    fake.statement.emit('end');
    expect(await messageOf(rows)).to.equal('interrupted');
  });

  it('throws when nothing comes for too long', async () => {
    const { rows } = start(undefined, 20);
    expect(await messageOf(rows)).to.equal('no answer within 20 ms');
  });

  it('throws the reason when aborted', async () => {
    const controller = new AbortController();
    const { rows } = start(controller.signal);
    controller.abort(new Error('enough'));
    expect(await messageOf(rows)).to.equal('enough');
  });

  it('pauses the connection at 500 rows until they are taken', async () => {
    const { fake, rows } = start();
    for (let id = 0; id < 499; id += 1) fake.statement.emit('result', { id });
    expect(fake.paused).to.equal(0);
    fake.statement.emit('result', { id: 499 });
    expect(fake.paused).to.equal(1);
    fake.statement.emit('end');
    expect(await rows).to.have.length(500);
    expect(fake.resumed).to.be.greaterThan(0);
  });

  it('leaves no listeners behind', async () => {
    const { fake, rows } = start();
    fake.statement.emit('end');
    await rows;
    expect(fake.listenerCount('error')).to.equal(0);
  });

  it('holds no more than some MiB of rows, however few they are', async () => {
    const fake = new FakeConnection();
    let received = 0;
    const options = {
      signal: new AbortController().signal,
      stallMs: 5_000,
      onWaited: () => undefined,
      received: () => received,
    };
    const batches = streamRows(fake, 'SELECT 1', options);
    const first = batches.next();
    received = 20 * 1024 * 1024;
    fake.statement.emit('result', { wide: 1 });
    expect(fake.paused).to.equal(1);
    expect((await first).value).to.deep.equal([{ wide: 1 }]);
    await batches.return();
  });

  it('gives a row up that does not end', async () => {
    const fake = new FakeConnection();
    let received = 0;
    const options = {
      signal: new AbortController().signal,
      stallMs: 5_000,
      onWaited: () => undefined,
      received: () => (received += 100 * 1024 * 1024),
    };
    const first = streamRows(fake, 'SELECT 1', options).next();
    expect(await messageOf(first as Promise<never>)).to.contain('more than 128 MiB for one row');
  });
});
