import { expect } from 'chai';
import { ParserPool } from '../../../src/sql/index.js';
import { parseTexts } from '../../../src/usage/parse-groups.js';
import { TextGroups } from '../../../src/usage/text-groups.js';

describe('A text of sessions in which `||` means one thing or another', () => {
  it('is a group for each', () => {
    const groups = new TextGroups('mysql');
    const run = { text: 'SELECT 1 FROM a JOIN b ON a.k = b.k || b.l', startedAt: 1 };
    for (const pipesAsConcat of [true, true, false]) groups.add({ ...run, session: { pipesAsConcat } });
    groups.add(run);
    const told = groups.take().map(([, group]) => `${group.session?.pipesAsConcat}: ${group.days[0]?.runs}`);
    expect(told.sort()).to.deep.equal(['false: 1', 'true: 2', 'undefined: 1']);
  });
});

describe('Tables that only a session has', () => {
  let pool: ParserPool;
  before(() => {
    pool = new ParserPool({ threads: 1 });
  });
  after(() => pool.close());

  /** The tables that are looked for in the catalog, for each group of equal texts. */
  async function lookedFor(text: string): Promise<readonly (readonly string[])[]> {
    const groups = new TextGroups('mysql');
    const run = { text, database: 'default', schema: 'shop', startedAt: 1 };
    groups.add(run);
    groups.add({ ...run, temporary: [['shop', 'T']] });
    groups.add({ ...run, temporary: [['other', 't']] });
    const asked: string[][] = [];
    for (const [, group] of groups.take()) {
      const names: string[] = [];
      await parseTexts([group], {
        ...{ pool, dialect: 'mysql', signal: new AbortController().signal },
        finder: {
          findAll: (tables) => {
            names.push(...tables.map(({ parts }) => parts.join('.')));
            return Promise.resolve(tables.map(() => []));
          },
        },
      });
      asked.push([...new Set(names)].sort());
    }
    return asked.sort((left, right) => left.length - right.length);
  }

  it('are none of the catalog, in the records of that session', async () => {
    expect(await lookedFor('SELECT * FROM t JOIN b ON t.id = b.id')).to.deep.equal([['b'], ['b', 't'], ['b', 't']]);
    expect(await lookedFor('DELETE FROM t WHERE id IN (SELECT id FROM shop.b)')).to.deep.equal([
      ['shop.b'],
      ['shop.b', 't'],
      ['shop.b', 't'],
    ]);
    expect(await lookedFor('DROP TABLE t')).to.deep.equal([[], ['t'], ['t']]);
  });
});
