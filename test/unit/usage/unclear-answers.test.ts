import { expect } from 'chai';
import { CatalogBusy, PermanentError, TransientError } from '../../../src/errors/index.js';
import { textOf } from '../../../src/local-catalog/json-value.js';
import { OpenMetadataClient, tokenProvider } from '../../../src/openmetadata/index.js';
import { countsOf, type PartReport } from '../../../src/report/index.js';
import { waitBeforeLook } from '../../../src/usage/wait-before-look.js';
import { startFaultProxy, type FaultProxy, type ProxiedCall, type ProxyFault } from '../../services/fault-proxy.js';
import { errorOf } from '../openmetadata/transport-under-test.js';
import { UsageLab, type LogRow } from './usage-lab.js';

const LOG: readonly LogRow[] = [2, 1].flatMap((daysAgo): LogRow[] => [
  { text: 'SELECT * FROM a JOIN b ON a.id = b.id', daysAgo, user: 'etl', duration: 10, cost: 1 },
  { text: 'SELECT * FROM a', daysAgo, time: '11:00:00', user: 'etl', duration: 20, cost: 2 },
]);
const GROWN = [...LOG, ...[1, 2].map((daysAgo) => ({ text: 'SELECT * FROM b', daysAgo, time: '12:00:00' }))];

const BEFORE_COMMIT: ProxyFault = { kind: 'status', status: 503 };
const LOST: ProxyFault = { kind: 'reset after commit' };
const CUT: ProxyFault = { kind: 'truncate' };

describe('usage whose calls end unclearly', () => {
  let lab: UsageLab;
  let proxy: FaultProxy;
  let client: OpenMetadataClient;
  let waits: number[];
  /** Awaited by the next wait. */
  let deleted: Promise<unknown> | undefined;

  beforeEach(async () => {
    [lab, proxy] = await Promise.all([UsageLab.open('a', 'b'), startFaultProxy()]);
    proxy.reset(lab.server.catalog.url);
    waits = [];
    deleted = undefined;
    client = new OpenMetadataClient({
      hostPort: `${proxy.url}/api`,
      token: tokenProvider(lab.server.catalog.token),
      userAgent: 'usage test',
      verifySSL: 'no-ssl',
      retry: { baseMs: 2, maxMs: 4 },
    });
  });
  afterEach(async () => {
    await client.close();
    await proxy.close();
    await lab.close();
  });

  const run = (rows: readonly LogRow[]): Promise<PartReport> =>
    lab.run(rows, {
      client,
      wait: async (milliseconds) => {
        waits.push(milliseconds);
        await deleted;
      },
    });
  const isCount = ({ method, path }: ProxiedCall): boolean =>
    path.startsWith('/api/v1/usage/table/') && method !== 'GET';
  /** Each call that is meant meets the fault so often, one after the other. */
  const disturb = (isMeant: (call: ProxiedCall) => boolean, fault: ProxyFault, times = 1): void => {
    const left = new Map<string, number>();
    proxy.onCall((call) => {
      if (!isMeant(call)) return undefined;
      const key = `${call.method} ${call.path}`;
      const more = left.get(key) ?? times;
      left.set(key, more - 1);
      return more > 0 ? fault : undefined;
    });
  };
  /** What undisturbed runs leave in a catalog of its own. */
  const undisturbed = async (...logs: (readonly LogRow[])[]): Promise<{ held: unknown; parts: PartReport[] }> => {
    const other = await UsageLab.open('a', 'b');
    const parts: PartReport[] = [];
    try {
      for (const log of logs) parts.push(await other.run(log));
      return { held: await other.held(), parts };
    } finally {
      await other.close();
    }
  };

  for (const [name, fault] of Object.entries({
    'before the commit': BEFORE_COMMIT,
    'behind it': LOST,
    'in the answer': CUT,
  }))
    it(`is the same, in one attempt, when every total fails once ${name}`, async () => {
      disturb(isCount, fault, 1);
      const part = await run(LOG);
      const clean = await undisturbed(LOG);
      expect(await lab.held()).to.deep.equal(clean.held);
      expect(countsOf(part, 'sink')).to.deep.equal(countsOf(clean.parts[0] ?? part, 'sink'));
      expect(waits).to.have.length(2);
    });

  for (const [name, fault] of Object.entries({ 'before the commit': BEFORE_COMMIT, 'behind it': LOST }))
    it(`is the same when the difference of a grown day fails ${name}, and again`, async () => {
      await run(LOG);
      disturb(isCount, fault, 2);
      const part = await run(GROWN);
      const clean = await undisturbed(LOG, GROWN);
      expect(await lab.held()).to.deep.equal(clean.held);
      expect(countsOf(part, 'sink')).to.deep.equal(countsOf(clean.parts[1] ?? part, 'sink'));
      expect(waits.length).to.be.at.least(2);
    });

  it('needs no look for life cycles, costs and percentiles: they are sent again', async () => {
    disturb(({ method, path }) => method === 'PATCH' || /queryCostRecord|compute/.test(path), LOST);
    const part = await run(LOG);
    const clean = await undisturbed(LOG);
    expect(await lab.held()).to.deep.equal(clean.held);
    expect(countsOf(part, 'sink')).to.deep.equal(countsOf(clean.parts[0] ?? part, 'sink'));
    expect(waits).to.deep.equal([]);
  });

  it('ends the attempt when the catalog goes on failing, and when it asks to slow down', async () => {
    disturb(isCount, BEFORE_COMMIT, Infinity);
    expect((await errorOf(run(LOG), TransientError)).message).to.contain('answered 503');
    const [first, ...later] = [...new Set(waits)];
    expect(first).to.equal(1_000);
    expect(later).to.deep.equal([2_000, 4_000, 8_000, 16_000]);
    waits = [];
    disturb(isCount, { kind: 'status', status: 429 }, Infinity);
    await errorOf(run(LOG), CatalogBusy);
    expect(waits).to.deep.equal([]);
    disturb(() => false, LOST);
    await run(LOG);
    expect(await lab.held()).to.deep.equal((await undisturbed(LOG)).held);
  });

  it('is left out for a table that is deleted meanwhile', async () => {
    const gone = textOf((await lab.server.ok('GET', '/tables/name/shop.main.sales.b')).at('id')) ?? '';
    proxy.onCall((call) => {
      if (!isCount(call) || !call.path.includes(gone)) return undefined;
      deleted ??= lab.server.ok('DELETE', `/tables/${gone}?hardDelete=true`);
      return BEFORE_COMMIT;
    });
    const part = await run(LOG);
    expect(countsOf(part, 'sink').errors).to.equal(0);
    expect(JSON.stringify(await lab.held()))
      .to.contain('sales.a')
      .and.not.contain('sales.b');
  });
});

describe('The wait before the catalog is asked what became of a call', () => {
  it('is never shorter than before a new attempt, and a minute where the server may still be at work', () => {
    const silent = Object.assign(new Error('no answer'), { code: 'UND_ERR_HEADERS_TIMEOUT' });
    expect(waitBeforeLook(new TransientError('x', { cause: silent }), 1)).to.equal(60_000);
    expect(waitBeforeLook(new TransientError('x', { cause: new Error('cut') }), 1)).to.equal(2_000);
    expect(waitBeforeLook(new TransientError('x', { retryAfterMs: 7_000 }), 1)).to.equal(7_000);
    expect(waitBeforeLook(new TransientError('x'), 5)).to.equal(16_000);
  });

  it('is none where nothing was done, after many tries, and when the server asks for a long one', () => {
    expect(waitBeforeLook(new PermanentError('x'), 1)).to.equal(undefined);
    expect(waitBeforeLook(new CatalogBusy('x'), 1)).to.equal(undefined);
    expect(waitBeforeLook(new TransientError('x'), 6)).to.equal(undefined);
    expect(waitBeforeLook(new TransientError('x', { retryAfterMs: 60_000 }), 1)).to.equal(undefined);
  });
});
