import { expect } from 'chai';
import { textOf } from '../../../src/local-catalog/json-value.js';
import { usagePlanText } from '../../../src/activities/usage/usage-plan-text.js';
import type { CostOutcome } from '../../../src/openmetadata/index.js';
import { countsOf, PartRecorder, type PartReport, type StepCounts } from '../../../src/report/index.js';
import { planUsage, type PlannedUsage, type UsageClient } from '../../../src/usage/index.js';
import { Broken, date, TODAY, UsageLab, type LogRow } from './usage-lab.js';

const LOG: readonly LogRow[] = [3, 2, 1].flatMap((daysAgo): LogRow[] => [
  { text: 'SELECT * FROM a JOIN b ON a.id = b.id', daysAgo, user: 'etl', duration: 10, cost: daysAgo },
  { text: 'SELECT * FROM a', daysAgo, time: '11:00:00', user: 'etl', duration: 20, cost: 2 },
]);
const DAY = 24 * 3_600_000;
/** Costs of complete days. */
const COSTS = 6;

type Costs = UsageClient['queryCosts'];

/** What is sent again, and what is reported, when a run is repeated or goes on after a crash. */
describe('usage that is sent again', () => {
  let lab: UsageLab;
  /** Days of the cost records that are sent. */
  let sent: number[];
  let looks: number;
  /** Throws after a call, as often as it is told. */
  let losses: Partial<Record<'query' | 'count' | 'cost' | 'table', number>>;

  beforeEach(async () => {
    lab = await UsageLab.open('a', 'b');
    losses = {};
  });
  afterEach(() => lab.close());

  const lose = (what: keyof typeof losses): void => {
    const left = losses[what] ?? 0;
    losses[what] = left - 1;
    if (left > 0) throw new Broken();
  };
  const clientOf = ({ client: { queries, queryCosts, tables, users, usage } }: UsageLab): UsageClient => ({
    users,
    queries: Object.assign(Object.create(queries) as typeof queries, {
      listStored: queries.listStored.bind(queries),
      listIds: queries.listIds.bind(queries),
      listHolders: queries.listHolders.bind(queries),
      findByName: queries.findByName.bind(queries),
      lacking: queries.lacking.bind(queries),
      put: async (...call: Parameters<typeof queries.put>) => {
        const answer = await queries.put(...call);
        lose('query');
        return answer;
      },
    }),
    queryCosts: {
      create: async (...call: Parameters<Costs['create']>) => {
        sent.push(call[0].timestamp);
        const outcome = await queryCosts.create(...call);
        lose('cost');
        return outcome;
      },
      has: (...call: Parameters<Costs['has']>) => {
        looks += 1;
        return queryCosts.has(...call);
      },
    } as Costs,
    tables: Object.assign(Object.create(tables) as typeof tables, {
      findByName: tables.findByName.bind(tables),
      patch: async (...call: Parameters<typeof tables.patch>) => {
        const answer = await tables.patch(...call);
        lose('table');
        return answer;
      },
    }),
    usage: Object.assign(Object.create(usage) as typeof usage, {
      storedCounts: usage.storedCounts.bind(usage),
      storedJoins: usage.storedJoins.bind(usage),
      lifeCycleTimes: usage.lifeCycleTimes.bind(usage),
      addCount: usage.addCount.bind(usage),
      putJoins: usage.putJoins.bind(usage),
      computePercentiles: usage.computePercentiles.bind(usage),
      setCount: async (...call: Parameters<typeof usage.setCount>) => {
        await usage.setCount(...call);
        lose('count');
      },
    }),
  });
  const run = async (rows: readonly LogRow[] = LOG, of = lab): Promise<PartReport> => {
    [sent, looks] = [[], 0];
    return of.run(rows, { client: clientOf(of) });
  };
  const counts = (part: PartReport): StepCounts => countsOf(part, 'sink');

  for (const what of ['query', 'count', 'cost', 'table'] as const)
    it(`reports all that a run sent, over attempts that are cut off behind each ${what}`, async () => {
      const clean = await run();
      const other = await UsageLab.open('a', 'b');
      try {
        losses = { [what]: 2 };
        const part = await run(LOG, other);
        expect(losses[what]).to.be.below(1);
        expect(counts(part)).to.deep.equal(counts(clean));
        expect(part.notes).to.deep.equal(clean.notes);
        expect(await other.held()).to.deep.equal(await lab.held());
        // what it sent before it was cut off is known, too
        const again = await run(LOG, other);
        expect(counts(again)).to.include({ records: 0, updated: 0 });
        expect(again.notes).to.deep.equal([]);
      } finally {
        await other.close();
      }
    });

  it('reports the stored texts that get new users', async () => {
    await run();
    const part = await run([...LOG, { text: 'SELECT * FROM a', daysAgo: 1, time: '10:00:00', user: 'ann' }].slice(-3));
    expect(counts(part)).to.include({ updated: 1 });
  });

  it('counts as sent what an attempt that was cut off sent of a day that has grown, and not what was there', async () => {
    await run();
    const grown = [...LOG, { text: 'SELECT * FROM b', daysAgo: 3, cost: 1 }];
    losses = { cost: 1 };
    const part = await run(grown);
    expect(counts(part)).to.include({ records: 2, unchanged: COSTS + 5 });
    expect(sent).to.have.length(2);
  });

  describe('after a run that was cancelled or failed', () => {
    /** More than a batch. */
    const MANY = Array.from({ length: 510 }, (_, n): LogRow => {
      return { text: `SELECT id AS c${n} FROM a`, daysAgo: 1, cost: n + 1 };
    });
    /** Ends when so many costs were sent, of which it gets no answer for the last. */
    const runUntil = async (rows: readonly LogRow[], most: number): Promise<void> => {
      const { queryCosts } = lab.client;
      let left = most;
      const create = async (...call: Parameters<Costs['create']>): Promise<CostOutcome> => {
        if (left < 1) throw new Error('cancelled');
        left -= 1;
        const answer = await queryCosts.create(...call);
        if (left === 0) throw new Error('cancelled');
        return answer;
      };
      const client = { ...clientOf(lab), queryCosts: { create, has: queryCosts.has.bind(queryCosts) } as Costs };
      const end = await lab.run(rows, { client }).catch((error: unknown) => error);
      expect(end).to.be.an('error').with.property('message', 'cancelled');
      await lab.endEarly();
    };

    it('knows what it sent, and sends those of the batch that was cut off again', async () => {
      await runUntil(MANY, 505);
      const part = await run(MANY);
      expect(part.notes).to.deep.equal([]);
      // the third batch of 500: texts, a table and a day come before
      expect(sent).to.have.length(2 * MANY.length + 2 - 1000);
      expect(counts(part)).to.include({ records: MANY.length - 505 });
      expect((await run(MANY)).notes).to.deep.equal([]);
      expect(sent).to.have.length(0);
    });

    it('reports those that cost something else now, of each batch', async () => {
      await runUntil(MANY, 505);
      const grown = MANY.map((row) => ({ ...row, cost: (row.cost ?? 0) + 1 }));
      const { notes } = await run(grown);
      expect(notes).to.have.length(1);
      expect(notes[0]).to.contain(`keeps the earlier ones: ${date(1)} +505.00 of 505 texts.`);
    });

    it('keeps what earlier runs sent, and leaves to the next one to tell what nothing is known of', async () => {
      await run();
      const more = [...LOG, { text: 'SELECT * FROM b', daysAgo: 2, cost: 1 }];
      await runUntil(more, 1);
      expect((await run(more)).notes).to.deep.equal([]);
      expect(sent).to.have.length(1);
      await run(more);
      expect(sent).to.have.length(0);
      await lab.forgetState();
      await runUntil([...MANY, ...more], 506);
      // the records of whole batches were answered, the others might be its own
      expect((await run(more)).notes.join()).to.match(/[5-7] cost records were in the catalog already/);
    });
  });

  it('does not send a cost record again that is there, after a look at one of each day', async () => {
    const first = await run();
    expect(sent).to.have.length(COSTS);
    const held = await lab.held();
    const again = await run();
    expect([sent, looks]).to.deep.equal([[], 3]);
    expect(counts(again)).to.include({ records: 0, unchanged: counts(first).records });
    expect(await lab.held()).to.deep.equal(held);
  });

  it('sends one of each day again where nothing is known that could be asked for, and all if that was not there', async () => {
    await run();
    await lab.forgetState();
    // now their statements are known, not the records
    expect((await run()).notes.join()).to.contain('6 cost records were in the catalog already');
    expect([sent.length, looks]).to.deep.equal([COSTS, 0]);
    const held = await lab.held();
    const again = await run();
    expect([[...sent].sort(), looks]).to.deep.equal([[3, 2, 1].map((daysAgo) => TODAY - daysAgo * DAY), 0]);
    expect(counts(again)).to.include({ records: 0, unchanged: COSTS + 6 });
    expect(await lab.held()).to.deep.equal(held);

    [sent, looks] = [[], 0];
    const client = clientOf(lab);
    await lab.run(LOG, {
      client: {
        ...client,
        queryCosts: {
          ...client.queryCosts,
          create: async (...call: Parameters<Costs['create']>) => {
            const { outcome } = await client.queryCosts.create(...call);
            return { outcome: call[0].timestamp === TODAY - 2 * DAY ? 'created' : outcome };
          },
        } as Costs,
      },
    });
    expect(sent).to.have.length(4);
  });

  it('sends those that are new, and reports those that cost something else in each run', async () => {
    await run();
    const rows = [
      ...LOG,
      { text: 'SELECT * FROM b', daysAgo: 2, cost: 1 },
      { text: 'SELECT * FROM a', daysAgo: 1, cost: 1 },
    ];
    for (const news of [1, 0, 0]) {
      const part = await run(rows);
      expect(sent).to.have.length(news);
      expect(part.notes.join()).to.contain(`keeps the earlier ones: ${date(1)} +1.00 of 1 text.`);
    }
    expect((await run()).notes.join()).not.to.contain('earlier ones');
  });

  it('sends those that cost something else where they are not known to be there', async () => {
    await run();
    const grown = LOG.map((row) => ({ ...row, cost: 5 }));
    const { store } = lab;
    const other = await UsageLab.open('a', 'b');
    try {
      // its runs have other numbers than those that are staged
      await run([], other);
      Object.defineProperty(other, 'store', { value: store });
      const { notes } = await run(grown, other);
      expect([sent.length, notes]).to.deep.equal([COSTS, []]);
      // that catalog set back
      sent = [];
      const create = (...[{ timestamp }]: Parameters<Costs['create']>): Promise<{ outcome: 'created' }> => {
        sent.push(timestamp);
        return Promise.resolve({ outcome: 'created' });
      };
      const queryCosts = { create, has: () => Promise.resolve(false) } as unknown as Costs;
      await other.run(LOG, { client: { ...clientOf(other), queryCosts } });
      expect(sent).to.have.length(COSTS);
    } finally {
      await other.close();
    }
  });

  it('sends all of them to another catalog, and again once that knows nothing', async () => {
    await run();
    const { store } = lab;
    const other = await UsageLab.open('a', 'b');
    try {
      // its runs have other numbers than those that are staged
      await run([], other);
      Object.defineProperty(other, 'store', { value: store });
      await run(LOG, other);
      expect(sent).to.have.length(COSTS);
      expect(await other.held()).to.deep.equal(await lab.held());
    } finally {
      await other.close();
    }
  });

  it('sends those of a text that was deleted in the catalog and is stored again', async () => {
    await run();
    const held = await lab.held();
    const stored = (await lab.server.ok('GET', '/queries?service=shop')).at('data') as { id: string; query: string }[];
    const deleted = stored.find(({ query }) => query === 'SELECT * FROM a');
    await lab.server.ok('DELETE', `/queries/${textOf(deleted?.id)}?hardDelete=true`);
    await run();
    // with them those of the whole day, where the record that was looked at went with the text
    expect(sent.length).to.be.within(3, COSTS);
    expect(await lab.held()).to.deep.equal(held);
  });

  describe('a plan of it', () => {
    const now = TODAY + 12 * 3_600_000;
    /** What a plan says of texts and costs, and what a run sends then. */
    const planned = async (
      rows: readonly LogRow[],
      withState = true
    ): Promise<{ plan: PlannedUsage; notes: readonly string[]; texts: number; costs: number }> => {
      const plans: PlannedUsage[] = [];
      const recorder = new PartRecorder();
      let texts = 0;
      sent = [];
      const client = clientOf(lab);
      const { queries } = client;
      await lab.run(rows, {
        client: {
          ...client,
          queries: Object.assign(Object.create(queries) as typeof queries, {
            listStored: queries.listStored.bind(queries),
            listIds: queries.listIds.bind(queries),
            lacking: queries.lacking.bind(queries),
            put: async (...call: Parameters<typeof queries.put>) => {
              texts += call[1].length;
              return queries.put(...call);
            },
          }),
        },
        beforePublish: async (from) => {
          const { store, client: own } = lab;
          plans.push(
            await planUsage({
              ...{ client: own, store, from, service: 'shop', dialect: 'mysql', now, completeBefore: TODAY, limit: 5 },
              ...{ signal: new AbortController().signal, recorder },
              ...(withState ? { state: store.state } : {}),
            })
          );
        },
      });
      const [plan] = plans;
      if (plan === undefined) throw new Error('nothing was planned');
      return { plan, notes: recorder.take().notes, texts, costs: sent.length };
    };

    const MORE = [
      ...LOG,
      { text: 'SELECT * FROM a', daysAgo: 1, user: 'jane' },
      { text: 'SELECT * FROM b', daysAgo: 2, cost: 1 },
      { text: 'SELECT 1 FROM b', daysAgo: 1 },
    ];

    it('says of texts and cost records what a run then sends, and what is there', async () => {
      for (const [rows, expected] of [
        [LOG, { queries: 2, queriesUnchanged: 0, costs: COSTS, costsUnchanged: 0 }],
        [LOG, { queries: 0, queriesUnchanged: 2, costs: 0, costsUnchanged: COSTS }],
        [MORE, { queries: 3, queriesUnchanged: 1, costs: 1, costsUnchanged: COSTS }],
      ] as const) {
        const { plan, texts, costs } = await planned(rows);
        expect(plan).to.deep.include({ ...expected, costsDifferent: 0, costsUnknown: 0 });
        expect([texts, costs]).to.deep.equal([plan.queries, plan.costs]);
      }
    });

    it('tells cost records that are there with another cost from those that are sent', async () => {
      await run();
      const grown = [...MORE, { text: 'SELECT * FROM a', daysAgo: 1, cost: 1 }];
      for (const news of [1, 0]) {
        const { plan, notes, costs } = await planned(grown);
        const there = { costsUnchanged: COSTS - news, costsDifferent: 1 };
        expect(plan).to.deep.include({ costs: news, ...there, costsUnknown: 0 });
        expect(costs).to.equal(news);
        const text = usagePlanText({ ...plan, service: 'shop', queriesRead: 9, notes });
        expect(text).to.contain('there already; 1 cost record is there with another cost, which stays. Nothing');
      }
    });

    it('says that texts are at most so many where it did not look which of them others hold', async () => {
      const { store, client } = lab;
      const { queries } = client;
      const unlisted = Object.assign(Object.create(queries) as typeof queries, {
        listHolders: () => Promise.resolve(undefined),
        listStored: queries.listStored.bind(queries),
        lacking: queries.lacking.bind(queries),
      });
      const said: string[] = [];
      const plan = async (from: Parameters<typeof planUsage>[0]['from'], own: typeof queries): Promise<void> => {
        const planned = await planUsage({
          ...{ client: { ...client, queries: own }, store, from, service: 'shop', dialect: 'mysql', now, limit: 5 },
          ...{ completeBefore: TODAY, recorder: new PartRecorder(), signal: new AbortController().signal },
        });
        said.push(usagePlanText({ ...planned, service: 'shop', queriesRead: 6, notes: [] }));
      };
      await lab.run(LOG, {
        beforePublish: async (from) => {
          for (const own of [unlisted, queries]) await plan(from, own);
        },
      });
      expect(said[0]).to.contain(' to send, at most 2 texts, ');
      expect(said[1]).to.contain(' to send, 2 texts, ');
    });

    it('does not know of cost records where no staging store tells, and says so', async () => {
      await run();
      const { plan, notes } = await planned(MORE, false);
      expect(plan).to.deep.include({ queries: 3, costs: 1, costsUnchanged: 0, costsUnknown: COSTS });
      expect(notes.join()).to.contain('give its place by --staging');
      const text = usagePlanText({ ...plan, service: 'shop', queriesRead: 9, notes });
      expect(text).to.contain(`3 texts, at most ${COSTS + 1} cost records; 1 text is there already. Nothing`);
    });
  });

  it('sends all of a day whose last record is not there any more', async () => {
    await run();
    const { queryCosts } = lab.client;
    const days = new Set<number>();
    const client = {
      ...clientOf(lab),
      queryCosts: Object.assign(Object.create(queryCosts) as Costs, {
        create: (...call: Parameters<Costs['create']>) => {
          days.add(call[0].timestamp);
          return queryCosts.create(...call);
        },
        has: () => Promise.resolve((looks += 1) !== 1),
      }),
    };
    looks = 0;
    await lab.run(LOG, { client });
    expect([days.size, looks]).to.deep.equal([1, 3]);
  });
});
