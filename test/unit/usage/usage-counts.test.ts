import { expect } from 'chai';
import { z } from 'zod';
import { countsOf, PartRecorder } from '../../../src/report/index.js';
import type { SliceAddress } from '../../../src/staging/index.js';
import { planUsage, usageJournal } from '../../../src/usage/index.js';
import { collected } from '../staging/collected.js';
import { Broken, date, TODAY, UsageLab, type LogRow } from './usage-lab.js';

const DAY = 24 * 3_600_000;
const at = (daysAgo: number, hours: number): number => TODAY - daysAgo * DAY + hours * 3_600_000;

/**
 * Three reads of `a` two days ago, two joins of `a` and `b` yesterday, one of them from the other side, and an INSERT.
 */
const LOG: readonly LogRow[] = [
  { text: 'SELECT * FROM a WHERE id = 1', daysAgo: 2, user: 'jane', duration: 10, cost: 1 },
  { text: 'SELECT * FROM a WHERE id = 2 -- for bob', daysAgo: 2, time: '11:00:00', user: 'etl', duration: 20, cost: 2 },
  { text: 'SELECT * FROM main.sales.a WHERE id = 3', daysAgo: 2, time: '12:00:00', user: 'jane', duration: 30 },
  { text: 'SELECT * FROM a JOIN b ON a.id = b.id', daysAgo: 1, user: 'jane' },
  { text: 'SELECT 1 FROM b, a WHERE b.id = a.id', daysAgo: 1, time: '13:00:00', user: 'etl' },
  { text: 'INSERT INTO b SELECT * FROM a', daysAgo: 1, time: '14:00:00', user: 'etl' },
];

describe('usage of a log', () => {
  let lab: UsageLab;
  beforeEach(async () => {
    lab = await UsageLab.open('a', 'b', 'c');
    await lab.server.ok('PUT', '/users', { name: 'jane', email: 'jane@example.com' });
  });
  afterEach(() => lab.close());

  it('is counted exactly: tables, schema and database by day, joins, queries with users and durations, costs, life cycles', async () => {
    const part = await lab.run(LOG);
    expect(await lab.held()).to.deep.equal({
      tables: {
        'shop.main.sales.a': {
          usage: {
            [date(2)]: { count: 3, percentileRank: 0 },
            [date(1)]: { count: 3, percentileRank: 0 },
          },
          joins: [{ columnName: 'id', joinedWith: [{ fullyQualifiedName: 'shop.main.sales.b.id', joinCount: 2 }] }],
          lifeCycle: { accessed: { timestamp: at(1, 14), accessedByAProcess: 'etl' } },
        },
        'shop.main.sales.b': {
          usage: { [date(1)]: { count: 3, percentileRank: 0 } },
          joins: [{ columnName: 'id', joinedWith: [{ fullyQualifiedName: 'shop.main.sales.a.id', joinCount: 2 }] }],
          lifeCycle: {
            accessed: { timestamp: at(1, 13), accessedByAProcess: 'etl' },
            updated: { timestamp: at(1, 14), accessedByAProcess: 'etl' },
          },
        },
        'shop.main.sales.c': { usage: {}, joins: [], lifeCycle: {} },
      },
      schema: { [date(2)]: { count: 3, percentileRank: 0 }, [date(1)]: { count: 6, percentileRank: 0 } },
      database: { [date(2)]: { count: 3, percentileRank: 0 }, [date(1)]: { count: 6, percentileRank: 0 } },
      queries: [
        {
          text: 'INSERT INTO b SELECT * FROM a',
          users: [],
          usedBy: ['etl'],
          tables: ['a', 'b'],
          duration: null,
          date: at(1, 14),
        },
        {
          text: 'SELECT * FROM a JOIN b ON a.id = b.id',
          users: ['jane'],
          usedBy: ['jane'],
          tables: ['a', 'b'],
          duration: null,
          date: at(1, 10),
        },
        {
          text: 'SELECT * FROM a WHERE id = ?',
          users: ['jane'],
          usedBy: ['etl', 'jane'],
          tables: ['a'],
          duration: 15,
          date: at(2, 11),
        },
        {
          text: 'SELECT * FROM main.sales.a WHERE id = ?',
          users: ['jane'],
          usedBy: ['jane'],
          tables: ['a'],
          duration: 30,
          date: at(2, 12),
        },
        {
          text: 'SELECT ? FROM b, a WHERE b.id = a.id',
          users: [],
          usedBy: ['etl'],
          tables: ['a', 'b'],
          duration: null,
          date: at(1, 13),
        },
      ],
      costs: [{ cost: 3, count: 2, timestamp: TODAY - 2 * DAY, totalDuration: 30 }],
    });
    expect(countsOf(part, 'source').records).to.equal(6);
    expect(countsOf(part, 'query-parser').records).to.equal(6);
    expect(countsOf(part, 'table-usage').records).to.equal(3);
  });

  it('counts statements apart whose literals name their tables', async () => {
    await lab.run([
      { text: "EXECUTE IMMEDIATE 'SELECT * FROM a'", daysAgo: 1 },
      { text: "EXECUTE IMMEDIATE 'SELECT * FROM b'", daysAgo: 1 },
      { text: "EXECUTE IMMEDIATE 'SELECT * FROM b'", daysAgo: 1 },
      { text: "SELECT * FROM TABLE('c')", daysAgo: 1 },
      { text: "SELECT * FROM TABLE('b')", daysAgo: 1 },
    ]);
    const { tables, queries } = z
      .object({
        tables: z.record(z.string(), z.object({ usage: z.record(z.string(), z.object({ count: z.number() })) })),
        queries: z.array(z.object({ text: z.string(), tables: z.array(z.string()) })),
      })
      .parse(await lab.held());
    const counts = Object.values(tables).map(({ usage }) => usage[date(1)]?.count);
    expect(counts).to.deep.equal([1, 3, 1]);
    expect(queries.map(({ text, tables: named }) => [text, named])).to.deep.equal([
      ['EXECUTE IMMEDIATE ?', ['a', 'b']],
      ['SELECT * FROM TABLE(?)', ['b', 'c']],
    ]);
  });

  it('is the same after a second and a third run, which change nothing', async () => {
    await lab.run(LOG);
    const once = await lab.held();
    await lab.run(LOG);
    const part = await lab.run(LOG);
    expect(await lab.held()).to.deep.equal(once);
    expect(countsOf(part, 'sink').records).to.equal(0);
  });

  for (const breakAfter of [1, 2]) {
    it(`is the same when each stage breaks off after every commit number ${breakAfter}`, async () => {
      const rows = [0, 1, 2, 3, 4, 5].flatMap((n) =>
        LOG.map((row) => ({ ...row, text: row.text.replace(/SELECT \*/, `SELECT id AS ${'x'.repeat(40_000)}_${n}`) }))
      );
      await lab.run(rows);
      const [whole, counts] = [await lab.held(), (await lab.run(rows)).steps];
      const other = await UsageLab.open('a', 'b', 'c');
      try {
        await other.server.ok('PUT', '/users', { name: 'jane', email: 'jane@example.com' });
        const broken = await other.run(rows, { breakAfter, heldBytes: 200_000 });
        expect(await other.held()).to.deep.equal(whole);
        expect(broken.steps['source']?.counts.records).to.equal(counts['source']?.counts.records);
        expect(broken.steps['table-usage']?.counts).to.deep.equal(counts['table-usage']?.counts);
      } finally {
        await other.close();
      }
    });
  }

  it('is the same, ranks too, when the answer to every count is lost', async () => {
    const rows = [...LOG, ...[1, 2, 3, 4].map(() => ({ text: 'SELECT * FROM c', daysAgo: 1 }))];
    await lab.run(rows);
    const whole = await lab.held();
    const other = await UsageLab.open('a', 'b', 'c');
    try {
      await other.server.ok('PUT', '/users', { name: 'jane', email: 'jane@example.com' });
      const { usage } = other.client;
      let lost = 0;
      const losing = {
        storedCounts: usage.storedCounts.bind(usage),
        storedJoins: usage.storedJoins.bind(usage),
        lifeCycleTimes: usage.lifeCycleTimes.bind(usage),
        addCount: usage.addCount.bind(usage),
        putJoins: usage.putJoins.bind(usage),
        computePercentiles: usage.computePercentiles.bind(usage),
        setCount: async (...call: Parameters<typeof usage.setCount>): Promise<void> => {
          await usage.setCount(...call);
          lost += 1;
          throw new Broken();
        },
      } as typeof usage;
      const { queries, queryCosts, tables, users } = other.client;
      await other.run(rows, { client: { queries, queryCosts, tables, users, usage: losing } });
      expect(lost).to.be.above(1);
      expect(await other.held()).to.deep.equal(whole);
    } finally {
      await other.close();
    }
  });

  it('grows by the difference, for table, schema and database alike, when a day has grown', async () => {
    await lab.run(LOG.slice(0, 4));
    await lab.run(LOG);
    const grown = await lab.held();
    const other = await UsageLab.open('a', 'b', 'c');
    try {
      await other.server.ok('PUT', '/users', { name: 'jane', email: 'jane@example.com' });
      await other.run(LOG);
      expect(grown).to.deep.equal(await other.held());
    } finally {
      await other.close();
    }
  });

  it('has the joins of USING and NATURAL, of an UPDATE too, in one total with those of = from either side', async () => {
    await lab.run([
      { text: 'SELECT * FROM b LEFT JOIN a USING (id)', daysAgo: 1 },
      { text: 'SELECT * FROM a x, b y WHERE y.ID = x.Id', daysAgo: 1 },
      { text: 'SELECT * FROM A x JOIN b USING (id) JOIN a z ON z.name = x.id', daysAgo: 1 },
      { text: "UPDATE a JOIN b USING (id) SET a.name = 'x'", daysAgo: 1 },
      { text: 'SELECT * FROM c JOIN a ON c.name = a.name JOIN b USING (id)', daysAgo: 1 },
      { text: 'SELECT 1 FROM a NATURAL LEFT JOIN sales.b', daysAgo: 1 },
      { text: 'SELECT 1 FROM a NATURAL JOIN nowhere', daysAgo: 1 },
    ]);
    const table = await lab.server.ok('GET', '/tables/name/shop.main.sales.b?fields=joins');
    const joined = (table.at('joins', 'columnJoins', 0, 'joinedWith') as { fullyQualifiedName: string }[]).find(
      ({ fullyQualifiedName }) => fullyQualifiedName === 'shop.main.sales.a.id'
    );
    expect(joined).to.have.property('joinCount', 5);
    const own = await lab.server.ok('GET', '/tables/name/shop.main.sales.a?fields=joins');
    expect(JSON.stringify(own.at('joins'))).to.contain('{"fullyQualifiedName":"shop.main.sales.a.name","joinCount":1}');
  });

  it('is sent the oldest day first, so that weeks and months have it', async () => {
    await lab.run([1, 2, 3].map((daysAgo) => ({ text: 'SELECT * FROM a', daysAgo })));
    const answer = await lab.server.ok('GET', `/usage/table/name/shop.main.sales.a?date=${date(1)}&days=3`);
    const weeks = (answer.at('usage') as { weeklyStats: { count: number } }[]).map(({ weeklyStats }) => weeklyStats);
    expect(weeks.map(({ count }) => count).sort()).to.deep.equal([1, 2, 3]);
    expect(answer.at('usage', 0, 'monthlyStats', 'count')).to.equal(3);
  });

  it('is the same when a day has grown and the answer to every difference is lost', async () => {
    await lab.run(LOG.slice(0, 4));
    const { queries, queryCosts, tables, users, usage } = lab.client;
    let lost = 0;
    const losing = Object.assign(Object.create(usage) as typeof usage, {
      storedCounts: usage.storedCounts.bind(usage),
      storedJoins: usage.storedJoins.bind(usage),
      lifeCycleTimes: usage.lifeCycleTimes.bind(usage),
      setCount: usage.setCount.bind(usage),
      putJoins: usage.putJoins.bind(usage),
      computePercentiles: usage.computePercentiles.bind(usage),
      addCount: async (...call: Parameters<typeof usage.addCount>): Promise<void> => {
        await usage.addCount(...call);
        lost += 1;
        throw new Broken();
      },
    });
    await lab.run(LOG, { client: { queries, queryCosts, tables, users, usage: losing } });
    expect(lost).to.equal(2);
    const count = async (path: string): Promise<unknown> =>
      (await lab.server.ok('GET', `/usage/${path}?date=${date(1)}&days=1`)).at('usage', 0, 'dailyStats', 'count');
    expect(await Promise.all(['a', 'b'].map((name) => count(`table/name/shop.main.sales.${name}`)))).to.deep.equal([
      3, 3,
    ]);
    expect(await count('databaseSchema/name/shop.main.sales')).to.equal(6);
    expect(await count('database/name/shop.main')).to.equal(6);
  });

  it('counts statements of the kinds that the original excludes, and does not store them', async () => {
    await lab.run([
      { text: 'DELETE FROM a WHERE id = 1', daysAgo: 1, type: 'DELETE' },
      { text: 'INSERT INTO a SELECT * FROM b', daysAgo: 1, type: 'insert' },
      { text: 'SELECT * FROM a', daysAgo: 1, type: 'SELECT' },
    ]);
    const stored = (await lab.server.ok('GET', '/queries?service=shop')).at('data') as { query: string }[];
    expect(stored.map(({ query }) => query)).to.deep.equal(['SELECT * FROM a']);
    const answer = await lab.server.ok('GET', `/usage/table/name/shop.main.sales.a?date=${date(1)}&days=1`);
    expect(answer.at('usage', 0, 'dailyStats', 'count')).to.equal(3);
  });

  it('stays where the catalog has more than the log shows now, and says so', async () => {
    await lab.run(LOG);
    const whole = await lab.held();
    const part = await lab.run(LOG.slice(1));
    // durations alone are those of the newest reading
    const read = JSON.parse(JSON.stringify(whole).replace('"duration":15', '"duration":20')) as unknown;
    expect(await lab.held()).to.deep.equal(read);
    expect(part.notes.join('\n')).to.contain(`shop.main.sales.a on ${date(2)} (3 stored, 2 read)`);
  });

  it('ranks days that an earlier run sent and did not come to rank', async () => {
    const rows = [...LOG, ...[1, 2, 3, 4].map(() => ({ text: 'SELECT * FROM c', daysAgo: 1 }))];
    const { queries, queryCosts, tables, users, usage } = lab.client;
    const failing = Object.assign(Object.create(usage) as typeof usage, {
      storedCounts: usage.storedCounts.bind(usage),
      storedJoins: usage.storedJoins.bind(usage),
      lifeCycleTimes: usage.lifeCycleTimes.bind(usage),
      setCount: usage.setCount.bind(usage),
      putJoins: usage.putJoins.bind(usage),
      computePercentiles: () => Promise.reject(new Error('the run ended here')),
    });
    const client = { queries, queryCosts, tables, users, usage: failing };
    const ended = await lab.run(rows, { client }).catch((error: unknown) => String(error));
    expect(ended).to.equal('Error: the run ended here');
    await lab.run(rows);
    const answer = await lab.server.ok('GET', `/usage/table/name/shop.main.sales.c?date=${date(1)}&days=1`);
    expect(answer.at('usage', 0, 'dailyStats', 'percentileRank')).to.be.within(66, 67);
  });

  it('ranks every day that was sent, for tables, schemas and databases', async () => {
    const ranked: string[] = [];
    const { queries, queryCosts, tables, users, usage } = lab.client;
    const recording = Object.assign(Object.create(usage) as typeof usage, {
      storedCounts: usage.storedCounts.bind(usage),
      storedJoins: usage.storedJoins.bind(usage),
      lifeCycleTimes: usage.lifeCycleTimes.bind(usage),
      setCount: usage.setCount.bind(usage),
      putJoins: usage.putJoins.bind(usage),
      computePercentiles: async (...call: Parameters<typeof usage.computePercentiles>): Promise<void> => {
        ranked.push(`${call[0]} ${call[1]}`);
        await usage.computePercentiles(...call);
      },
    });
    const client = { queries, queryCosts, tables, users, usage: recording };
    await lab.run([...LOG, ...[1, 2, 3, 4].map(() => ({ text: 'SELECT * FROM c', daysAgo: 1 }))], { client });
    const answer = await lab.server.ok('GET', `/usage/table/name/shop.main.sales.c?date=${date(1)}&days=1`);
    expect(answer.at('usage', 0, 'dailyStats', 'percentileRank')).to.be.within(66, 67);
    expect(ranked).to.deep.equal(
      [date(2), date(1)].flatMap((day) => ['table', 'databaseSchema', 'database'].map((kind) => `${kind} ${day}`))
    );
  });

  it('leaves out failed runs, those of ingestions and dbt, and users that the recipe does not want', async () => {
    const part = await lab.run(
      [
        { text: 'SELECT * FROM a', daysAgo: 1, user: 'jane' },
        { text: 'SELECT * FROM a', daysAgo: 1, user: 'jane', aborted: true },
        { text: 'SELECT * FROM a', daysAgo: 1, user: 'ETL_nightly' },
        { text: 'SELECT * FROM a', daysAgo: 1 },
        { text: '/* {"app": "OpenMetadata", "version": "1"} */ SELECT * FROM a', daysAgo: 1 },
        { text: '/* {"app": "dbt"} */ SELECT * FROM a', daysAgo: 1 },
        { text: 'SELECT * FROM a\n/* {"app": "dbt"} */;', daysAgo: 1 },
      ],
      { users: { excludes: ['etl'] } }
    );
    expect(countsOf(part, 'source')).to.include({ records: 2, filtered: 5 });
    const answer = await lab.server.ok('GET', `/usage/table/name/shop.main.sales.a?date=${date(0)}&days=30`);
    expect(answer.at('usage', 0, 'dailyStats', 'count')).to.equal(2);
  });

  it('says when the users that the recipe does not want have run all queries', async () => {
    const rows = [{ text: 'SELECT * FROM a', daysAgo: 1, user: 'jane' }];
    const none = /^No query counts: .* includeUsers and excludeUsers \(1 pattern\) leave/m;
    expect((await lab.run(rows, { users: { excludes: ['j'] } })).notes.join('\n')).to.match(none);
    expect((await lab.run(rows, { users: { includes: ['bob'] } })).notes.join('\n')).to.match(none);
    expect((await lab.run(rows, { users: { includes: ['j'] } })).notes.join('\n')).not.to.match(none);
    expect((await lab.run([])).notes.join('\n')).not.to.match(none);
  });

  it('leaves out days that OpenMetadata does not keep, with a note', async () => {
    const part = await lab.run([
      { text: 'SELECT * FROM a JOIN b ON a.id = b.id', daysAgo: 40 },
      { text: 'SELECT * FROM a', daysAgo: 29 },
    ]);
    expect(part.notes.join('\n')).to.contain(`keeps usage for 30 days: that of ${date(40)} is older`);
    expect(countsOf(part, 'sink').records).to.equal(1);
  });

  it('gives a stored query the duration that the newest reading of its newest runs found', async () => {
    const early = { text: 'SELECT * FROM a WHERE id = 1', daysAgo: 2, user: 'jane', duration: 500 };
    const late = { ...early, daysAgo: 1 };
    const duration = async (rows: readonly LogRow[]): Promise<unknown> => {
      await lab.run(rows);
      const [query] = ((await lab.held()) as unknown as { queries: { duration: unknown }[] }).queries;
      return query?.duration;
    };
    expect(await duration([early])).to.equal(500);
    expect(await duration([{ ...early, duration: 100 }])).to.equal(100);
    expect(await duration([early, { ...late, duration: 200 }])).to.equal(350);
    expect(await duration([{ ...late, duration: 200 }])).to.equal(200);
    expect(await duration([late, { ...early, duration: 100 }])).to.equal(300);
    // runs older than the stored ones say nothing new, also where another user has to be stored
    expect(await duration([{ ...early, user: 'bob', duration: 900 }])).to.equal(300);
    const [query] = ((await lab.held()) as unknown as { queries: object[] }).queries;
    expect(query)
      .to.include({ date: at(1, 10) })
      .and.deep.include({ usedBy: ['jane', 'bob'] });
    // runs without durations leave the stored one
    expect(await duration([{ text: late.text, daysAgo: 0 }])).to.equal(300);
  });

  it('leaves out users, durations, costs and texts of days that it leaves out', async () => {
    const kept = { text: 'SELECT * FROM a', daysAgo: 1, user: 'new', duration: 10, cost: 1 };
    const left = { text: 'SELECT * FROM a', daysAgo: 40, user: 'old', duration: 90, cost: 2 };
    await lab.run([
      kept,
      left,
      { ...left, text: 'SELECT * FROM b' },
      { ...left, daysAgo: -1, text: 'SELECT * FROM c' },
    ]);
    const { queries, costs } = (await lab.held()) as unknown as { queries: object[]; costs: object[] };
    expect(queries).to.have.length(1);
    expect(queries[0])
      .to.include({ text: 'SELECT * FROM a', duration: 10 })
      .and.deep.include({ usedBy: ['new'] });
    expect(costs).to.deep.equal([{ cost: 1, count: 1, timestamp: TODAY - DAY, totalDuration: 10 }]);
  });

  it('leaves out days that have not begun, so that schemas do not grow by each run, with a note', async () => {
    const rows = [
      { text: 'SELECT * FROM a', daysAgo: -1 },
      { text: 'SELECT * FROM a', daysAgo: 0 },
    ];
    await lab.run(rows);
    const part = await lab.run(rows);
    expect(part.notes.join('\n')).to.contain(`The log has queries of ${date(-1)}, which has not begun in UTC`);
    const answer = await lab.server.ok('GET', `/usage/databaseSchema/name/shop.main.sales?date=${date(-1)}&days=30`);
    expect(answer.at('usage')).to.have.length(1);
    expect(answer.at('usage', 0, 'dailyStats', 'count')).to.equal(1);
  });

  it('takes no life cycle and no date of a query from days that have not begun', async () => {
    await lab.run([
      { text: 'SELECT * FROM a', daysAgo: 0, user: 'jane' },
      { text: 'SELECT * FROM a', daysAgo: -1 },
      { text: 'SELECT * FROM b', daysAgo: 0, startTime: '9999-12-31 23:59:59' },
    ]);
    const [a, b] = await Promise.all(
      ['a', 'b'].map((name) => lab.server.ok('GET', `/tables/name/shop.main.sales.${name}?fields=lifeCycle`))
    );
    expect(a?.at('lifeCycle', 'accessed', 'timestamp')).to.equal(at(0, 10));
    expect(b?.at('lifeCycle')).to.equal(undefined);
    const queries = (await lab.server.ok('GET', '/queries?service=shop')).at('data') as { queryDate?: number }[];
    expect(queries.map(({ queryDate }) => queryDate)).to.deep.equal([at(0, 10)]);
  });

  for (const startTime of [
    'yesterday, about noon',
    '2026-02-30',
    '2026-11-31 10:00:00',
    '2025-02-29',
    '99999999999999999999',
  ]) {
    it(`fails a row whose time is ${startTime}, and only that row`, async () => {
      const part = await lab.run([
        { text: 'SELECT * FROM a', daysAgo: 1, startTime },
        { text: 'SELECT * FROM a', daysAgo: 1 },
      ]);
      expect(countsOf(part, 'source')).to.include({ records: 1, errors: 1 });
      expect(part.steps.source?.failures[0]?.error).to.contain(startTime);
    });
  }

  it('is a partial success that names the metadata recipe when the catalog has none of the tables', async () => {
    const rows = [{ text: 'SELECT * FROM ghosts', daysAgo: 1 }];
    const part = await lab.run(rows);
    expect(part.incomplete).to.equal(true);
    expect(part.reasons?.[0]?.error).to.match(/under the service shop, .* Run its metadata recipe first/);
    expect((await lab.run([...rows, { text: 'SELECT * FROM a', daysAgo: 1 }])).incomplete).to.equal(undefined);
    expect((await lab.run([{ text: 'SELECT 1', daysAgo: 1 }])).incomplete).to.equal(undefined);
  });

  it('tells both when log and service name other databases, and what to do', async () => {
    const row = { text: 'SELECT * FROM a', daysAgo: 1 };
    const part = await lab.run([{ ...row, database: 'wh' }]);
    expect(part.reasons?.[0]?.error).to.match(
      /service shop, .*\. The log has them in the database `wh`; the service has the database `main`\. Write `main` as database_name, or leave that column out/
    );
    expect(part.reasons?.[0]?.error).not.to.contain('then this one again');
    // one of them is there: its tables may not have been read yet
    const both = await lab.run([
      { ...row, database: 'wh' },
      { text: 'SELECT * FROM ghosts', daysAgo: 1 },
    ]);
    expect(both.reasons?.[0]?.error).to.match(/service shop, .* Run its metadata recipe first/);
    expect((await lab.run([{ ...row, database: '' }])).incomplete).to.equal(undefined);
  });

  it('names unknown tables, but those of the server itself, and texts that were not understood', async () => {
    const part = await lab.run([
      { text: 'SELECT * FROM ghosts', daysAgo: 1 },
      { text: 'DELETE FROM ghosts', daysAgo: 1 },
      { text: 'SELEC * FORM nothing at (all', daysAgo: 1 },
      { text: 'SELECT * FROM information_schema.tables JOIN mysql.user ON 1 = 1 JOIN sys.processlist', daysAgo: 1 },
    ]);
    expect(part.notes.join('\n'))
      .to.contain('main.sales.ghosts (2 queries)')
      .and.not.match(/information_schema|mysql|sys/);
    expect(part.notes.join('\n')).to.contain('1 query was not understood and counts for no table');
  });

  it('names an unknown table that a text fills and reads, and none that it makes', async () => {
    const part = await lab.run([
      { text: 'INSERT INTO ghosts SELECT * FROM a; INSERT INTO b SELECT * FROM ghosts', daysAgo: 1 },
      { text: 'CREATE TABLE own AS SELECT * FROM a; INSERT INTO b SELECT * FROM own', daysAgo: 1 },
      {
        text: 'WITH u AS (INSERT INTO missing (v) SELECT v FROM b RETURNING id) INSERT INTO c SELECT id FROM u',
        daysAgo: 1,
      },
    ]);
    expect(part.notes.join('\n'))
      .to.contain('main.sales.ghosts (1 query)')
      .and.contain('main.sales.missing (1 query)')
      .and.not.contain('own');
  });

  it('expects no temporary tables in the catalog, whichever texts name them, and counts none of their namesakes', async () => {
    const part = await lab.run([
      { text: 'CREATE TEMPORARY TABLE passing AS SELECT * FROM a', daysAgo: 1 },
      { text: 'SELECT * FROM passing JOIN ghosts ON ghosts.id = passing.id', daysAgo: 1 },
      { text: 'CREATE TEMPORARY TABLE b AS SELECT * FROM a; SELECT * FROM b JOIN a ON a.id = b.id', daysAgo: 1 },
      { text: 'CREATE TEMPORARY TABLE c AS SELECT * FROM c', daysAgo: 1 },
      { text: 'CACHE TABLE kept AS SELECT * FROM c; SELECT * FROM kept', daysAgo: 1 },
    ]);
    expect(part.notes.join('\n'))
      .to.contain('nothing counts for them: main.sales.ghosts (1 query)')
      .and.not.match(/passing|kept/);
    const { tables } = (await lab.held()) as unknown as { tables: object };
    expect(tables).to.deep.include({
      'shop.main.sales.b': { usage: {}, joins: [], lifeCycle: {} },
      'shop.main.sales.c': {
        usage: { [date(1)]: { count: 2, percentileRank: 0 } },
        joins: [],
        lifeCycle: { accessed: { timestamp: at(1, 10) } },
      },
    });
  });

  it('names texts of which a part was not understood, and counts what was', async () => {
    const part = await lab.run([
      { text: 'INSERT INTO a (id) SELEKT id x FRM b', daysAgo: 1 },
      { text: 'INSERT INTO a (id) SELECT id FROM b', daysAgo: 1 },
    ]);
    expect(part.notes.join('\n')).to.contain(
      '1 query was not understood to the end, so that tables and joins may be missing: INSERT INTO a (id) SELEKT'
    );
    const answer = await lab.server.ok('GET', `/usage/table/name/shop.main.sales.a?date=${date(0)}&days=30`);
    expect(answer.at('usage', 0, 'dailyStats', 'count')).to.equal(2);
  });

  it('counts what a stored text reads when it runs, and what COPY, CACHE and REFRESH touch', async () => {
    const texts: Parameters<typeof lab.run>[0] = [
      { text: 'prepare p (int) as select * from a where id = $1', daysAgo: 1 },
      { text: 'copy a to stdout', daysAgo: 1 },
      { text: 'refresh materialized view a', daysAgo: 1 },
      { text: 'CACHE TABLE q AS SELECT * FROM a', daysAgo: 1 },
      { text: 'CACHE LAZY TABLE a', daysAgo: 1 },
      { text: 'CREATE TRIGGER tr AFTER INSERT ON c FOR EACH ROW INSERT INTO b SELECT * FROM a', daysAgo: 1 },
    ];
    await lab.run(texts);
    const { tables } = (await lab.held()) as unknown as { tables: Record<string, { usage: unknown }> };
    expect(tables['shop.main.sales.a']?.usage).to.deep.equal({ [date(1)]: { count: 5, percentileRank: 0 } });
    expect(tables['shop.main.sales.b']?.usage).to.deep.equal({});
  });

  it('counts the tables of every statement of a script, and what its DELETEs join', async () => {
    await lab.run([
      { text: 'SELECT * FROM a; DELETE FROM b WHERE id = 4', daysAgo: 1 },
      { text: 'INSERT INTO b (id) SELECT id FROM a; DELETE FROM a', daysAgo: 1 },
      { text: 'DELETE FROM x USING b AS x INNER JOIN a AS y ON x.id = y.id', daysAgo: 1 },
    ]);
    type Held = { usage: unknown; lifeCycle: object; joins: unknown };
    const { tables } = (await lab.held()) as unknown as { tables: Record<string, Held> };
    const [a, b] = [tables['shop.main.sales.a'], tables['shop.main.sales.b']];
    const usage = { [date(1)]: { count: 3, percentileRank: 0 } };
    expect([a?.usage, b?.usage]).to.deep.equal([usage, usage]);
    expect([a, b].map((table) => Object.keys(table?.lifeCycle ?? {}).sort())).to.deep.equal([
      ['accessed', 'updated'],
      ['updated'],
    ]);
    expect(a?.joins).to.deep.equal([
      { columnName: 'id', joinedWith: [{ fullyQualifiedName: 'shop.main.sales.b.id', joinCount: 1 }] },
    ]);
  });

  it('does not store a text that cannot be cut into tokens, but counts it', async () => {
    await lab.run([{ text: "SELECT * FROM a WHERE name = 'never closed", daysAgo: 1 }]);
    expect((await lab.server.ok('GET', '/queries?service=shop')).at('paging', 'total')).to.equal(0);
    const answer = await lab.server.ok('GET', `/usage/table/name/shop.main.sales.a?date=${date(0)}&days=30`);
    expect(answer.at('usage', 0, 'dailyStats', 'count')).to.equal(1);
  });

  it('takes a duration or a cost that is no number, or below nothing, as none, with one warning for each', async () => {
    const part = await lab.run([
      { text: 'SELECT * FROM a', daysAgo: 1, duration: -5, cost: -3 },
      { text: 'SELECT * FROM a', daysAgo: 1, duration: 'abc' },
    ]);
    expect(part.notes.join('\n'))
      .to.match(
        /csv: duration of 2 rows isn't a number of 0 or more and counts for nothing, first in row 1, line 2: -5$/m
      )
      .and.to.match(/csv: cost of 1 row isn't/);
    expect(countsOf(part, 'source')).to.include({ records: 2, warnings: 2, errors: 0 });
    const query = (await lab.server.ok('GET', '/queries?service=shop')).at('data', 0);
    expect(query).to.not.have.property('duration');
    expect((await lab.server.ok('GET', '/queryCostRecord/service/shop')).at('paging', 'total')).to.equal(0);
  });

  it('takes what a CREATE makes, also LIKE another table, as created', async () => {
    await lab.run(['CREATE TABLE a LIKE c', 'CREATE TABLE b AS SELECT * FROM c'].map((text) => ({ text, daysAgo: 1 })));
    const { tables } = (await lab.held()) as unknown as { tables: Record<string, { lifeCycle: object }> };
    const uses = ['a', 'b', 'c'].map((name) => Object.keys(tables[`shop.main.sales.${name}`]?.lifeCycle ?? {}));
    expect(uses).to.deep.equal([['created'], ['created'], ['accessed']]);
  });

  it('counts what a DELETE reads besides, and its joins', async () => {
    const rows = [
      'DELETE FROM a WHERE id IN (SELECT id FROM b)',
      'DELETE x FROM a x JOIN sales.b ON x.id = b.id WHERE b.name = 1',
      'DELETE FROM a USING b WHERE a.id = b.id',
      'DELETE FROM a USING a JOIN b USING (id)',
    ];
    await lab.run(rows.map((text) => ({ text, daysAgo: 1 })));
    type Held = { usage: unknown; lifeCycle: object; joins: unknown };
    const { tables } = (await lab.held()) as unknown as { tables: Record<string, Held> };
    const [a, b] = [tables['shop.main.sales.a'], tables['shop.main.sales.b']];
    const usage = { [date(1)]: { count: 4, percentileRank: 0 } };
    expect([a?.usage, b?.usage]).to.deep.equal([usage, usage]);
    expect([a, b].map((table) => Object.keys(table?.lifeCycle ?? {}))).to.deep.equal([['updated'], ['accessed']]);
    expect(a?.joins).to.deep.equal([
      { columnName: 'id', joinedWith: [{ fullyQualifiedName: 'shop.main.sales.b.id', joinCount: 3 }] },
    ]);
  });

  it('counts what is deleted from or emptied as an update', async () => {
    await lab.run([
      { text: 'DELETE FROM a WHERE id = 4', daysAgo: 1, user: 'jane' },
      { text: 'TRUNCATE TABLE sales.b', daysAgo: 1, user: 'jane' },
    ]);
    const table = await lab.server.ok('GET', '/tables/name/shop.main.sales.b?fields=lifeCycle');
    expect(table.at('lifeCycle', 'updated', 'accessedBy', 'type')).to.equal('user');
  });

  it('has a table that a text reads and writes as accessed and updated, at the same time', async () => {
    await lab.run([
      { text: 'INSERT INTO b (id) SELECT id FROM a LEFT JOIN b ON b.id = a.id WHERE b.id IS NULL', daysAgo: 1 },
      { text: 'UPDATE c SET id = id + 1', daysAgo: 1 },
    ]);
    const { tables } = (await lab.held()) as unknown as { tables: Record<string, { lifeCycle: object }> };
    const uses = ['a', 'b', 'c'].map((name) => Object.keys(tables[`shop.main.sales.${name}`]?.lifeCycle ?? {}).sort());
    expect(uses).to.deep.equal([['accessed'], ['accessed', 'updated'], ['updated']]);
  });

  it('has a table whose rows a text moves on and takes away as both, and one that it only takes them from as updated', async () => {
    await lab.run([
      { text: 'INSERT INTO b (id) SELECT id FROM a; TRUNCATE TABLE a', daysAgo: 1 },
      { text: 'DELETE FROM c WHERE id = 4', daysAgo: 1 },
    ]);
    const { tables } = (await lab.held()) as unknown as { tables: Record<string, { lifeCycle: object }> };
    const uses = ['a', 'b', 'c'].map((name) => Object.keys(tables[`shop.main.sales.${name}`]?.lifeCycle ?? {}).sort());
    expect(uses).to.deep.equal([['accessed', 'updated'], ['updated'], ['updated']]);
  });

  it('counts every table that one statement drops, empties or deletes from', async () => {
    const texts = ['DROP TABLE a, b', 'TRUNCATE a, sales.b', 'DROP VIEW IF EXISTS b, a', 'DELETE x, b FROM a x JOIN b'];
    await lab.run(texts.map((text) => ({ text, daysAgo: 1 })));
    type Held = { usage: unknown; lifeCycle: object };
    const { tables } = (await lab.held()) as unknown as { tables: Record<string, Held> };
    for (const name of ['a', 'b']) {
      const { usage, lifeCycle } = tables[`shop.main.sales.${name}`] ?? {};
      expect(usage).to.deep.equal({ [date(1)]: { count: 4, percentileRank: 0 } });
      expect(Object.keys(lifeCycle ?? {})).to.deep.equal(['updated']);
    }
  });

  it('sends the costs of a day only when it is complete', async () => {
    const rows = [{ text: 'SELECT * FROM a', daysAgo: 0, cost: 5, time: '01:00:00' }];
    const part = await lab.run(rows);
    expect((await lab.server.ok('GET', '/queryCostRecord/service/shop')).at('paging', 'total')).to.equal(0);
    expect(part.notes.join('\n')).to.contain(`Costs of ${date(0)} are sent by a later run`);
    await lab.run(rows, { now: TODAY + 1.5 * DAY });
    expect((await lab.server.ok('GET', '/queryCostRecord/service/shop')).at('data', 0, 'cost')).to.equal(5);
  });

  it('counts runs without a cost of a day with one, of whatever schemas its statement ran in', async () => {
    const row = { text: 'SELECT * FROM main.sales.a', daysAgo: 1, duration: 10 };
    await lab.run([
      { ...row, cost: 3 },
      { ...row, schema: 'other', time: '11:00:00' },
    ]);
    const { costs } = (await lab.held()) as unknown as { costs: object[] };
    expect(costs).to.deep.equal([{ cost: 3, count: 2, timestamp: TODAY - DAY, totalDuration: 20 }]);
  });

  it('reports costs that changed after they were sent, once for each run that sees it, and nothing of those that did not', async () => {
    const rows = [
      { text: 'SELECT * FROM a', daysAgo: 1, cost: 5 },
      { text: 'SELECT * FROM b', daysAgo: 1, cost: 0.1 },
      { text: 'SELECT * FROM b', daysAgo: 1, cost: 0.2 },
    ];
    const changed = (notes: readonly string[]): readonly string[] => notes.filter((note) => /[Cc]ost/.test(note));
    expect(changed((await lab.run(rows)).notes)).to.deep.equal([]);
    expect(changed((await lab.run([...rows].reverse())).notes)).to.deep.equal([]);
    const grown = [
      ...rows,
      { text: 'SELECT * FROM a', daysAgo: 1, cost: 2.5 },
      { text: 'SELECT * FROM c', daysAgo: 1, cost: 1 },
    ];
    for (const run of [1, 2]) {
      const notes = changed((await lab.run(grown, { breakAfter: run })).notes);
      expect(notes).to.have.length(1);
      expect(notes[0]).to.contain(`keeps the earlier ones: ${date(1)} +2.50 of 1 text.`);
    }
    const costs = (await lab.server.ok('GET', '/queryCostRecord/service/shop')).at('data');
    expect((costs as { cost: number }[]).map(({ cost }) => cost.toFixed(2)).sort()).to.deep.equal([
      '0.30',
      '1.00',
      '5.00',
    ]);
  });

  it('tells texts that another service holds, and their costs, in each run, in the journal and in a plan', async () => {
    await lab.server.ok('PUT', '/services/databaseServices', { name: 'other', serviceType: 'Mysql' });
    await lab.server.ok('PUT', '/queries', { query: 'SELECT * FROM a WHERE id = ?', service: 'other' });
    const rows = [
      { text: 'SELECT * FROM a WHERE id = 1', daysAgo: 2, cost: 2 },
      { text: 'SELECT * FROM a WHERE id = 2', daysAgo: 1, cost: 1.5 },
      { text: 'SELECT * FROM b', daysAgo: 1, cost: 1 },
    ];
    const [signal, now] = [new AbortController().signal, TODAY + DAY / 2];
    for (const n of [1, 2]) {
      const { notes, steps } = await lab.run(rows);
      expect(notes.join('\n'))
        .to.match(/another service or name has 1 text of this log: .*: SELECT \* FROM a WHERE id = \?$/m)
        .and.to.contain("2 cost records, 3.50 in all, can't be sent");
      expect(steps.sink?.counts.warnings).to.equal(2);

      const slice = (stage: string): SliceAddress => ({ run: `run${n}`, stage, slice: '0' });
      const { store } = lab;
      const lines = await collected(
        usageJournal({ store, parsed: [slice('parsed')], usage: slice('usage'), published: slice('published-usage') })
      );
      const told = lines.filter(({ sql, reason }) => sql !== undefined && reason !== undefined);
      expect(told.map(({ fqn, sql }) => [fqn, sql])).to.deep.equal([
        ['shop.main.sales.a', 'SELECT * FROM a WHERE id = ?'],
      ]);

      const recorder = new PartRecorder();
      const planned = await planUsage({
        ...{ client: lab.client, store, from: slice('usage'), service: 'shop', now, completeBefore: TODAY },
        ...{ limit: 5, signal, recorder, dialect: 'mysql', state: store.state },
      });
      expect(planned).to.include({ queries: 0, queriesUnchanged: 1, heldElsewhere: 1, costs: 0, costsUnchanged: 1 });
      expect(recorder.take().notes).to.deep.equal(notes);
    }
    expect((await lab.server.ok('GET', '/queries?service=shop')).at('paging', 'total')).to.equal(1);
    expect((await lab.server.ok('GET', '/queryCostRecord/service/shop')).at('paging', 'total')).to.equal(1);
  });

  it('says once that records are there whose costs nothing here tells', async () => {
    const rows = [{ text: 'SELECT * FROM a', daysAgo: 1, cost: 5 }];
    await lab.run(rows);
    await lab.forgetState();
    expect((await lab.run(rows)).notes.join()).to.contain('1 cost record was in the catalog already');
    expect((await lab.run(rows)).notes.join()).not.to.contain('cost record');
  });
});
