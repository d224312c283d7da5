import { expect } from 'chai';
import { compareNames } from '../../../src/sources/common/binary-order.js';
import { SortedGroups } from '../../../src/sources/common/sorted-groups.js';
import { StartedBatches } from '../../../src/sources/common/started-batches.js';
import { statementHeader } from '../../../src/sources/common/statement-header.js';

interface Row {
  readonly tableName: string;
  readonly value: number;
}

async function* batches(...groups: readonly Row[][]): AsyncGenerator<readonly Row[]> {
  yield* groups;
}

/** Batches without an end, and whether their stream was let go. */
function endless(): { batches: AsyncGenerator<readonly Row[]>; isOpen: () => boolean } {
  let isOpen = true;
  async function* rows(): AsyncGenerator<readonly Row[]> {
    try {
      for (;;) yield [{ tableName: 'a', value: 1 }];
    } finally {
      isOpen = false;
    }
  }
  return { batches: rows(), isOpen: () => isOpen };
}

describe('Order of names', () => {
  it('is that of their UTF-8 bytes, emoji after U+FFEE and capitals before small letters', () => {
    const names = ['b', 'B', 'a', '', 'ab', 'ä', '\uffee', '😀', '☃', 'a\u0000'];
    const byBytes = [...names].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
    expect([...names].sort(compareNames)).to.deep.equal(byBytes);
  });
});

describe('Sorted groups', () => {
  it('hand out the rows of each table, across batches, and skip tables that are not asked for', async () => {
    const groups = new SortedGroups(
      batches(
        [
          { tableName: 'a', value: 1 },
          { tableName: 'b', value: 2 },
        ],
        [],
        [
          { tableName: 'b', value: 3 },
          { tableName: 'c', value: 4 },
          { tableName: 'e', value: 5 },
        ]
      )
    );
    const values = async (name: string): Promise<number[]> => (await groups.take(name)).map((row) => row.value);
    expect(await values('b')).to.deep.equal([2, 3]);
    expect(await values('d')).to.deep.equal([]);
    expect(await values('e')).to.deep.equal([5]);
    expect(await values('f')).to.deep.equal([]);
  });

  it('hand out at once what they hold whole, and nothing while a later batch may have more of it', async () => {
    const groups = new SortedGroups(
      batches(
        [
          { tableName: 'a', value: 1 },
          { tableName: 'b', value: 2 },
          { tableName: 'c', value: 3 },
        ],
        [{ tableName: 'c', value: 4 }]
      )
    );
    const held = (name: string): number[] | undefined => groups.takeHeld(name)?.map((row) => row.value);
    expect(held('a')).to.equal(undefined);
    await groups.take('a');
    expect(held('b')).to.deep.equal([2]);
    expect(held('c')).to.equal(undefined);
    expect((await groups.take('c')).map((row) => row.value)).to.deep.equal([3, 4]);
    expect(held('d')).to.deep.equal([]);
  });

  it('throw when the stream breaks, also when the break is found while draining', async () => {
    async function* broken(): AsyncGenerator<readonly Row[]> {
      yield [{ tableName: 'a', value: 1 }];
      throw new Error('cut');
    }
    for (const act of ['take', 'drain'] as const) {
      const groups = new SortedGroups(broken());
      const failure: unknown = await (act === 'take' ? groups.take('z') : groups.drain()).catch(
        (error: unknown) => error
      );
      expect(failure).to.have.property('message', 'cut');
    }
  });

  it('let go of the stream when closed', async () => {
    const stream = endless();
    const groups = new SortedGroups(stream.batches);
    await groups.take('');
    await groups.close();
    expect(stream.isOpen()).to.equal(false);
  });
});

describe('Started batches', () => {
  it('ask for the first batch at once, and for no other before it is wanted', async () => {
    let asked = 0;
    async function* counted(): AsyncGenerator<readonly Row[]> {
      for (;;) {
        asked += 1;
        yield [{ tableName: 'a', value: asked }];
      }
    }
    const started = new StartedBatches(counted());
    await started.arrived;
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).to.equal(1);
    const values: (number | undefined)[] = [];
    for await (const batch of started) {
      values.push(batch[0]?.value);
      if (values.length === 3) break;
    }
    expect(values).to.deep.equal([1, 2, 3]);
    expect((await started.next()).done).to.equal(true);
  });

  it('that broke before the first of them say so when they are asked', async () => {
    async function* broken(): AsyncGenerator<readonly Row[]> {
      yield* batches();
      throw new Error('cut');
    }
    const started = new StartedBatches(broken());
    await started.arrived;
    expect(await started.next().catch((error: unknown) => error)).to.have.property('message', 'cut');
  });

  it('that nobody asked for let go of the stream when they are given up', async () => {
    const stream = endless();
    await new StartedBatches(stream.batches).return();
    expect(stream.isOpen()).to.equal(false);
  });
});

describe('Statement header', () => {
  it('is one comment that starts as log readers expect, whatever the tag', () => {
    expect(statementHeader('run 1')).to.equal('/* {"app": "OpenMetadata", "run": "run 1"} */\n');
    const hostile = statementHeader('*/ DROP TABLE x; /*\n"');
    expect(hostile.indexOf('*/')).to.equal(hostile.length - 3);
    expect(hostile.split('\n')).to.have.length(2);
  });
});
