import { expect } from 'chai';
import { isJsonObject, objectsOf, textOf, type JsonObject } from '../../../src/local-catalog/json-value.js';
import type { UsageClient } from '../../../src/usage/index.js';
import { date, TODAY, UsageLab, type LogRow } from './usage-lab.js';

const HOUR = 3_600_000;
const TABLES = ['a', 'b', 'c', 'd', 'e', 'f'];

const AB = 'SELECT * FROM a JOIN b ON a.id = b.id';
const AC = 'SELECT * FROM a JOIN c ON a.id = c.id';

function times(count: number, row: LogRow): LogRow[] {
  return Array.from({ length: count }, () => row);
}

/** Yesterday at that hour. */
function at(hour: number): number {
  return TODAY - 24 * HOUR + hour * HOUR;
}

function row(text: string, hour: number, user = 'ann', daysAgo = 1): LogRow {
  return { text, daysAgo, user, time: `${String(hour).padStart(2, '0')}:00:00` };
}

/** Logs that were rotated, or are read for other users, so that a day's count does not grow. */
describe('usage of a log that shows less than before', () => {
  let lab: UsageLab;
  beforeEach(async () => {
    lab = await UsageLab.open(...TABLES);
  });
  afterEach(() => lab.close());

  const tables = async (): Promise<Map<string, JsonObject>> => {
    const rows = objectsOf((await lab.server.ok('GET', '/tables?fields=joins,lifeCycle&limit=100')).at('data'));
    return new Map(rows.map((table) => [textOf(table['name']) ?? '', table]));
  };
  const lifeCycleOf = async (name: string): Promise<unknown> => (await tables()).get(name)?.['lifeCycle'];
  /** `b.id 5`, … */
  const joinsOf = async (name: string): Promise<string[]> => {
    const joins = (await tables()).get(name)?.['joins'];
    return objectsOf(isJsonObject(joins) ? joins['columnJoins'] : [])
      .flatMap(({ joinedWith }) => objectsOf(joinedWith))
      .map((each) => `${textOf(each['fullyQualifiedName'])?.slice(-4)} ${Number(each['joinCount'])}`)
      .sort();
  };

  it('moves life cycles on where a day has fewer uses, and by each way of use', async () => {
    await lab.run(times(5, row('SELECT * FROM a', 2)));
    const rows = [...times(3, row('SELECT * FROM a', 3, 'bot')), row('DELETE FROM a WHERE id = 7', 4, 'bot')];
    await lab.run(rows);
    expect(await lifeCycleOf('a')).to.deep.equal({
      accessed: { timestamp: at(3), accessedByAProcess: 'bot' },
      updated: { timestamp: at(4), accessedByAProcess: 'bot' },
    });
  });

  it('moves life cycles on where the uses of others are as many, and never back', async () => {
    const log = [row('SELECT * FROM a', 1, 'ann'), row('SELECT * FROM a', 9, 'bob')];
    await lab.run(log, { users: { includes: ['ann'] } });
    await lab.run(log, { users: { includes: ['bob'] } });
    const newest = { accessed: { timestamp: at(9), accessedByAProcess: 'bob' } };
    expect(await lifeCycleOf('a')).to.deep.equal(newest);
    await lab.run(log, { users: { includes: ['ann'] } });
    expect(await lifeCycleOf('a')).to.deep.equal(newest);
  });

  it('sends joins that a day with fewer uses has more of, and none with less than was sent', async () => {
    await lab.run(times(5, row(AB, 2)));
    const rotated = [...times(2, row(AB, 3)), row(AC, 4)];
    await lab.run(rotated);
    expect(await joinsOf('a')).to.deep.equal(['b.id 5', 'c.id 1']);
    await lab.run(rotated);
    expect(await joinsOf('a')).to.deep.equal(['b.id 5', 'c.id 1']);
    await lab.run([row(AB, 3), ...times(3, row(AC, 4))]);
    expect(await joinsOf('a')).to.deep.equal(['b.id 5', 'c.id 3']);
  });

  it('knows what was sent of a day, whatever other days have of the pair', async () => {
    await lab.run([...times(4, row(AC, 2, 'ann', 2)), ...times(3, row(AB, 2)), row(AC, 2)]);
    await lab.run([row(AB, 3), ...times(3, row(AC, 3))]);
    expect(await joinsOf('a')).to.deep.equal(['b.id 3', 'c.id 7']);
  });

  it('does not take away from a pair that a day with more uses has fewer of', async () => {
    await lab.run(times(5, row(AB, 2)));
    await lab.run([...times(2, row(AB, 3)), ...times(9, row('SELECT * FROM a', 4))]);
    expect(await joinsOf('a')).to.deep.equal(['b.id 5']);
  });

  for (const breakAfter of [1, 2, 3]) {
    it(`does so, too, when each stage breaks off after every commit number ${breakAfter}`, async () => {
      await lab.run(times(5, row(AB, 2)), { breakAfter });
      await lab.run([...times(2, row(AB, 3, 'bot')), row(AC, 4, 'bot')], { breakAfter });
      expect(await joinsOf('a')).to.deep.equal(['b.id 5', 'c.id 1']);
      expect(await lifeCycleOf('a')).to.deep.equal({ accessed: { timestamp: at(4), accessedByAProcess: 'bot' } });
      await lab.run([row(AB, 3), ...times(3, row(AC, 4))], { breakAfter });
      expect(await joinsOf('a')).to.deep.equal(['b.id 5', 'c.id 3']);
    });
  }

  describe('without what the staging store kept', () => {
    it('sends what the catalog has less of in all days, and names the tables whose joins it can not tell', async () => {
      await lab.run([...times(5, row(AB, 2)), ...times(2, row(AC, 2, 'ann', 2))]);
      await lab.forgetState();
      const part = await lab.run([
        ...times(2, row(AB, 3)),
        row(AC, 4),
        row('SELECT * FROM a JOIN d ON a.id = d.id', 4),
      ]);
      // c.id of yesterday can't be told from the two of the day before
      expect(await joinsOf('a')).to.deep.equal(['b.id 5', 'c.id 2', 'd.id 1']);
      expect(part.notes.join('\n')).to.contain(`shop.main.sales.a on ${date(1)} (2 left out)`);
    });

    it('asks for the joins of a table once, and says nothing where no use is missing', async () => {
      const log = times(5, row(AB, 2));
      await lab.run(log);
      await lab.forgetState();
      const asked = asking();
      const part = await lab.run(log, { client: asked.client });
      expect(part.notes.filter((note) => note.includes('Joins'))).to.deep.equal([]);
      expect(asked.joins()).to.equal(1);
      await lab.run(log, { client: asked.client });
      expect(asked.joins()).to.equal(1);
      expect(await joinsOf('a')).to.deep.equal(['b.id 5']);
    });
  });

  it('does not take away from what a run sent that was cancelled', async () => {
    await lab.run(times(5, row(AB, 2)));
    const { client } = asking();
    client.usage.addCount = async (...call) => {
      await lab.client.usage.addCount(...call);
      throw new Error('cancelled');
    };
    const cancelled = await lab.run(times(7, row(AB, 2)), { client }).catch((error: unknown) => error);
    expect(cancelled).to.have.property('message', 'cancelled');
    await lab.endEarly();
    await lab.run(times(6, row(AB, 3)));
    expect(await joinsOf('a')).to.deep.equal(['b.id 7']);
  });

  /** Counts what is asked for each table. */
  const asking = (): { client: UsageClient; tables: () => number; joins: () => number; patches: () => number } => {
    const counts = { tables: 0, joins: 0, patches: 0 };
    const { usage, tables: own } = lab.client;
    const client: UsageClient = {
      ...{ queries: lab.client.queries, queryCosts: lab.client.queryCosts, users: lab.client.users },
      tables: Object.assign(Object.create(own) as typeof own, {
        findByName: (...call: Parameters<typeof own.findByName>) => {
          counts.tables += 1;
          return own.findByName(...call);
        },
        patch: (...call: Parameters<typeof own.patch>) => {
          counts.patches += 1;
          return own.patch(...call);
        },
      }),
      usage: Object.assign(Object.create(usage) as typeof usage, {
        storedCounts: usage.storedCounts.bind(usage),
        lifeCycleTimes: usage.lifeCycleTimes.bind(usage),
        setCount: usage.setCount.bind(usage),
        addCount: usage.addCount.bind(usage),
        putJoins: usage.putJoins.bind(usage),
        computePercentiles: usage.computePercentiles.bind(usage),
        storedJoins: (...call: Parameters<typeof usage.storedJoins>) => {
          counts.joins += 1;
          return usage.storedJoins(...call);
        },
      }),
    };
    return {
      client,
      tables: () => counts.tables,
      joins: () => counts.joins,
      patches: () => counts.patches,
    };
  };

  it('asks for no table by itself when nothing has changed, and only for those that are behind', async () => {
    const log = [...TABLES.map((table) => row(`SELECT * FROM ${table}`, 2)), row(AB, 3)];
    await lab.run(log);
    const asked = asking();
    await lab.run(log, { client: asked.client });
    expect([asked.tables(), asked.joins(), asked.patches()]).to.deep.equal([0, 0, 0]);
    await lab.run([...log.slice(0, -1), row(AC, 4)], { client: asked.client });
    expect([asked.tables(), asked.joins(), asked.patches()]).to.deep.equal([2, 0, 2]);
  });

  it('asks for each table where the catalog has many more than the log names', async () => {
    await lab.server.withTables(...Array.from({ length: 130 }, (_, n) => `more${n}`));
    const log = TABLES.map((table) => row(`SELECT * FROM ${table}`, 2));
    await lab.run(log);
    const asked = asking();
    await lab.run(
      log.map((each) => ({ ...each, time: '05:00:00' })),
      { client: asked.client }
    );
    expect([asked.tables(), asked.patches()]).to.deep.equal([6, 6]);
    expect(await lifeCycleOf('f')).to.deep.equal({ accessed: { timestamp: at(5), accessedByAProcess: 'ann' } });
  });
});
