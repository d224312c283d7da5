import { Readable } from 'node:stream';
import { expect } from 'chai';
import { TransientError } from '../../../../src/errors/index.js';
import { streamResult, type ResultStreamOptions } from '../../../../src/sources/snowflake/session/result-stream.js';
import { collect, driverError, thrownBy } from './fake-driver.js';

function optionsWith(rows: Readable, more: Partial<ResultStreamOptions> = {}): ResultStreamOptions {
  return { rows, expected: 2, stallAfter: 1_000, signal: new AbortController().signal, doing: 'listing', ...more };
}

const TWO = [{ NAME: 'A' }, { NAME: 'B' }];

describe('Snowflake: the rows of a result', () => {
  it('come in the order of the server', async () => {
    const rows = (await collect(streamResult(optionsWith(Readable.from(TWO))))).flat();
    expect(rows.map((row) => row.text('NAME'))).to.deep.equal(['A', 'B']);
  });

  it('are never given short: fewer than the server counted is a transient error', async () => {
    const error = await thrownBy(() => collect(streamResult(optionsWith(Readable.from(TWO), { expected: 3 }))));
    expect(error).to.be.instanceOf(TransientError).with.property('message').that.contains('2 of 3 rows');
  });

  it('end in a transient error when the connection drops between two of them', async () => {
    const rows = Readable.from(
      (function* (): Generator<unknown> {
        yield TWO[0];
        throw driverError(402001, 'socket hang up', { cause: driverError('ECONNRESET') });
      })()
    );
    const error = await thrownBy(() => collect(streamResult(optionsWith(rows))));
    expect(error)
      .to.be.instanceOf(TransientError)
      .with.property('message')
      .that.contains('ECONNRESET')
      .and.contains('1 of 2 rows');
  });

  it('end in a transient error when no further one comes', async () => {
    const rows = new Readable({ objectMode: true, read: () => undefined });
    rows.push(TWO[0]);
    const error = await thrownBy(() => collect(streamResult(optionsWith(rows, { stallAfter: 40 }))));
    expect(error).to.be.instanceOf(TransientError).with.property('message').that.contains('no further row');
  });

  it('may be worked on for longer than the stall time', async () => {
    const seen: string[] = [];
    for await (const batch of streamResult(optionsWith(Readable.from(TWO), { stallAfter: 40 }))) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      seen.push(...batch.map((row) => row.text('NAME')));
    }
    expect(seen).to.deep.equal(['A', 'B']);
  });

  it('end with the reason of an abort', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled by the user');
    const rows = new Readable({ objectMode: true, read: () => undefined });
    setImmediate(() => controller.abort(reason));
    expect(await thrownBy(() => collect(streamResult(optionsWith(rows, { signal: controller.signal }))))).to.equal(
      reason
    );
    expect(rows.destroyed).to.equal(true);
  });

  it('are let go when the reader stops early', async () => {
    const rows = Readable.from(TWO);
    for await (const batch of streamResult(optionsWith(rows))) {
      expect(batch[0]?.text('NAME')).to.equal('A');
      break;
    }
    expect(rows.destroyed).to.equal(true);
  });

  it('survive an error the driver tells a stream that is over', async () => {
    const rows = Readable.from(TWO);
    await collect(streamResult(optionsWith(rows)));
    expect(() => rows.emit('error', new Error('late'))).not.to.throw();
  });
});
