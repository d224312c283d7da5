import { expect } from 'chai';
import { NoSuchColumn, PermanentError } from '../../../src/errors/index.js';
import { readColumns } from '../../../src/measures/index.js';

const isRefusal = (error: unknown): error is Error => error instanceof PermanentError;
const columns = Array.from({ length: 1_000 }, (_, at) => at);

describe('Reading columns of which the source refuses some', () => {
  let sent = 0;
  const reading =
    (refuses: (some: readonly number[]) => boolean) =>
    async (some: readonly number[]): Promise<string> => {
      sent += 1;
      if (refuses(some)) throw new PermanentError(`refused of ${some.length}`);
      return `read ${some.length}`;
    };
  const read = (refuses: (some: readonly number[]) => boolean) => {
    sent = 0;
    return readColumns(columns, reading(refuses), { isRefusal, probe: async () => undefined, nameOf: String });
  };

  it('finds two of a thousand in few statements', async () => {
    const found = await read((some) => some.includes(7) || some.includes(993));
    expect(found.answer).to.equal('read 998');
    expect([...found.refused]).to.deep.equal([
      [7, 'refused of 1'],
      [993, 'refused of 1'],
    ]);
    expect(sent).to.be.at.most(42);
    expect((await read(() => false)).refused.size).to.equal(0);
    expect(sent).to.equal(1);
  });

  it('leaves out at once what the source says is not there', async () => {
    const reads = async (some: readonly number[]): Promise<number> => {
      sent += 1;
      const gone = some.find((each) => each === 7 || each === 993);
      if (gone !== undefined) throw new NoSuchColumn('not there', `t.${gone}`);
      return some.length;
    };
    sent = 0;
    const looking = { isRefusal, probe: async () => expect.fail('looked'), nameOf: String };
    const { answer, refused } = await readColumns(columns, reads, looking);
    expect([answer, ...refused.keys(), sent]).to.deep.equal([998, 7, 993, 3]);
  });

  it('gives up where there are many, or none by itself, with what was said of all', async () => {
    const error = (refuses: (some: readonly number[]) => boolean) => read(refuses).then(() => 'none', String);
    expect(await error(() => true)).to.contain('refused of 1000');
    expect(sent).to.be.at.most(41);
    expect(await error((some) => some.length === 1_000)).to.contain('refused of 1000');
    expect(sent).to.equal(3);
  });
});
