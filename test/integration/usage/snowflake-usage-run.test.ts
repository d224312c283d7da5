import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { runCli, startCli, type CliProcess } from '../../services/cli.js';
import { startFakesnow, type Fakesnow } from '../../services/fakesnow.js';
import { fakesnowEnvironment } from '../../services/fakesnow/environment.js';
import { parameterizedHash } from '../../services/fakesnow/seed.js';
import { startIngestion, type Ingestion } from '../../services/ingestion.js';
import { usageOf, type AnnotatedStatement } from './annotated-usage.js';
import { heldUsage, type HeldUsage } from './held-usage.js';

const DAY = 24 * 3_600_000;
/** ACCOUNT_USAGE lags by three hours: until then the day before isn't complete, and its costs wait. */
const LAG = 3 * 3_600_000;
/** The day before which all days are complete, also soon after midnight. */
const TODAY = Math.floor((Date.now() - LAG) / DAY) * DAY;
const [TWO, ONE] = [2, 1].map((daysAgo) => new Date(TODAY - daysAgo * DAY).toISOString().slice(0, 10)) as [
  string,
  string,
];

interface Run {
  readonly daysAgo: number;
  readonly user: 'ANALYST' | 'ETL';
  readonly text: string;
  readonly type?: string;
  readonly status?: string;
  readonly read: readonly string[];
  /** Through views. */
  readonly base?: readonly string[];
  readonly written?: readonly string[];
  /** Named by ACCESS_HISTORY as read, though only rows to change are looked for. */
  readonly lookedAt?: readonly string[];
  /** What is stored of it, and what it joins: read by a person. */
  readonly stored?: string;
  readonly joins?: readonly string[];
}

const JOIN = 'SELECT O.TOTAL FROM ORDERS O JOIN CUSTOMERS C ON C.CUSTOMER_ID = O.CUSTOMER_ID WHERE O.ORDER_ID = ';
const VIEW = 'SELECT FULL_NAME FROM MART.V_CUSTOMER_ORDERS';
const BY_ID = 'SELECT * FROM ORDERS WHERE ORDER_ID = ?';
const JOINED = {
  stored: `${JOIN}?`,
  read: ['RAW.ORDERS', 'RAW.CUSTOMERS'],
  joins: ['RAW.CUSTOMERS.CUSTOMER_ID = RAW.ORDERS.CUSTOMER_ID'],
};
const RUNS: readonly Run[] = [
  { daysAgo: 2, user: 'ANALYST', text: 'SELECT * FROM ORDERS WHERE ORDER_ID = 1', stored: BY_ID, read: ['RAW.ORDERS'] },
  { daysAgo: 2, user: 'ANALYST', text: 'SELECT * FROM ORDERS WHERE ORDER_ID = 2', stored: BY_ID, read: ['RAW.ORDERS'] },
  { daysAgo: 2, user: 'ETL', text: 'SELECT * FROM ORDERS WHERE ORDER_ID = 3', stored: BY_ID, read: ['RAW.ORDERS'] },
  {
    daysAgo: 2,
    user: 'ETL',
    text: 'INSERT INTO MART.FCT_ORDERS (ORDER_ID) SELECT ORDER_ID FROM ORDERS',
    type: 'INSERT',
    read: ['RAW.ORDERS'],
    written: ['MART.FCT_ORDERS'],
  },
  { daysAgo: 1, user: 'ANALYST', text: `${JOIN}1`, ...JOINED },
  { daysAgo: 1, user: 'ANALYST', text: `${JOIN}2`, ...JOINED },
  { daysAgo: 1, user: 'ANALYST', text: `${JOIN}3`, status: 'FAIL', read: ['RAW.ORDERS', 'RAW.CUSTOMERS'] },
  {
    daysAgo: 1,
    user: 'ETL',
    text: VIEW,
    stored: VIEW,
    read: ['MART.V_CUSTOMER_ORDERS'],
    base: ['RAW.ORDERS', 'RAW.CUSTOMERS'],
  },
  {
    daysAgo: 1,
    user: 'ETL',
    text: 'DELETE FROM ORDER_ITEMS WHERE ORDER_ID = 5',
    type: 'DELETE',
    read: [],
    written: ['RAW.ORDER_ITEMS'],
    lookedAt: ['RAW.ORDER_ITEMS'],
  },
  // only ACCESS_HISTORY tells its tables
  { daysAgo: 1, user: 'ANALYST', text: '', read: ['RAW.PRODUCTS'] },
];

/** What ran and did not fail: half a credit each, at 3.30, in 100 ms. Only ACCESS_HISTORY sees through views. */
function annotated(log: 'access-history' | 'query-history'): AnnotatedStatement[] {
  return RUNS.flatMap(({ daysAgo, user, text, status, read, base = [], written = [], stored, joins = [] }, index) => {
    if (status !== undefined || (text === '' && log === 'query-history')) return [];
    const time = TODAY - daysAgo * DAY + (index + 1) * 60_000;
    const all = log === 'access-history' ? [...read, ...base] : read;
    const kept = stored === undefined ? {} : { stored, cost: { amount: 0.5 * 3.3, ms: 100 } };
    return [{ time, login: user, read: all, written, joins, ...kept }];
  });
}

/** What both logs show; those that are read through a view only ACCESS_HISTORY has. */
function expected(log: 'access-history' | 'query-history'): HeldUsage {
  const through = log === 'access-history' ? 1 : 0;
  return {
    counts: {
      'RAW.ORDERS': { [TWO]: 4, [ONE]: 2 + through },
      'RAW.CUSTOMERS': { [ONE]: 2 + through },
      'RAW.ORDER_ITEMS': { [ONE]: 1 },
      ...(through === 1 ? { 'RAW.PRODUCTS': { [ONE]: 1 } } : {}),
      'MART.FCT_ORDERS': { [TWO]: 1 },
      'MART.V_CUSTOMER_ORDERS': { [ONE]: 1 },
      RAW: { [TWO]: 4, [ONE]: 5 + 3 * through },
      MART: { [TWO]: 1, [ONE]: 1 },
      'snowflake.ANALYTICS': { [TWO]: 5, [ONE]: 6 + 3 * through },
    },
    joins: [`${ONE} RAW.CUSTOMERS.CUSTOMER_ID = RAW.ORDERS.CUSTOMER_ID: 2`],
    queries: [
      {
        text: 'SELECT * FROM ORDERS WHERE ORDER_ID = ?',
        tables: ['RAW.ORDERS'],
        users: ['jane'],
        usedBy: ['ANALYST', 'ETL'],
      },
      {
        text: VIEW,
        tables:
          log === 'access-history'
            ? ['MART.V_CUSTOMER_ORDERS', 'RAW.CUSTOMERS', 'RAW.ORDERS']
            : ['MART.V_CUSTOMER_ORDERS'],
        users: [],
        usedBy: ['ETL'],
      },
      { text: `${JOIN}?`, tables: ['RAW.CUSTOMERS', 'RAW.ORDERS'], users: ['jane'], usedBy: ['ANALYST'] },
    ],
    // 0.5 credits a run, 3.30 each.
    costs: [`${TWO} 4.95 of 3 in 300 ms`, `${ONE} 1.65 of 1 in 100 ms`, `${ONE} 3.30 of 2 in 200 ms`],
    lifeCycles: {
      'RAW.ORDERS': [log === 'access-history' ? at(1, 8, 'accessed', 'ETL') : at(1, 6, 'accessed', 'jane')],
      'RAW.CUSTOMERS': [log === 'access-history' ? at(1, 8, 'accessed', 'ETL') : at(1, 6, 'accessed', 'jane')],
      'RAW.ORDER_ITEMS': [at(1, 9, 'updated', 'ETL')],
      ...(through === 1 ? { 'RAW.PRODUCTS': [at(1, 10, 'accessed', 'jane')] } : {}),
      'MART.FCT_ORDERS': [at(2, 4, 'updated', 'ETL')],
      'MART.V_CUSTOMER_ORDERS': [at(1, 8, 'accessed', 'ETL')],
    },
    ranked: [`RAW ${TWO}`, `RAW ${ONE}`, `RAW.CUSTOMERS ${ONE}`, `RAW.ORDERS ${TWO}`, `RAW.ORDERS ${ONE}`],
  };
}

function at(daysAgo: number, minute: number, use: string, user: string): string {
  return `${use} ${new Date(TODAY - daysAgo * DAY + minute * 60_000).toISOString()} by ${user}`;
}

const report = z.object({
  state: z.string(),
  steps: z.array(z.object({ name: z.string(), records: z.number(), statements: z.number() })),
});

/** The shipped recipe against the emulator, each log in a catalog of its own. */
for (const log of ['access-history', 'query-history'] as const) {
  describe(`om-ingest run recipes/snowflake/usage.yaml through ${log}`, function () {
    this.timeout(180_000);
    const folder = mkdtempSync(join(tmpdir(), 'om-snowflake-usage-'));
    const catalogFile = join(folder, 'catalog.db');
    let fakesnow: Fakesnow;
    let ingestion: Ingestion;
    let worker: CliProcess | undefined;
    let env: Record<string, string>;

    before(async () => {
      fakesnow = await startFakesnow({ chunkRows: 3 });
      await fakesnow.seed();
      for (const name of ['QUERY_HISTORY', 'ACCESS_HISTORY'])
        await fakesnow.execute(`DELETE FROM SNOWFLAKE.ACCOUNT_USAGE.${name}`);
      for (const [index, run] of RUNS.entries()) await runs(index + 1, run);
      ingestion = await startIngestion({ catalogFile });
      copyFileSync('recipes/snowflake/metadata.yaml', join(ingestion.recipesDir, 'metadata.yaml'));
      writeFileSync(
        join(ingestion.recipesDir, 'usage.yaml'),
        readFileSync('recipes/snowflake/usage.yaml', 'utf8')
          .replace('useAccessHistory: true', `useAccessHistory: ${String(log === 'access-history')}`)
          .replace('queryLogDuration: 1', 'queryLogDuration: 3')
      );
      env = { ...ingestion.env, ...fakesnowEnvironment(fakesnow) };
      const { url, token } = ingestion.catalog;
      await fetch(`${url}/api/v1/users`, {
        method: 'PUT',
        headers: { Authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'jane', email: 'jane@example.com' }),
      });
      worker = startCli(['worker'], { env, cwd: ingestion.folder });
      await worker.until('worker is ready');
      const { code, stderr } = await runCli(['run', 'metadata.yaml'], { env, cwd: ingestion.folder });
      expect(code, stderr).to.equal(0);
    });
    after(async () => {
      worker?.child.kill('SIGTERM');
      await worker?.ended;
      await ingestion.stop();
      await fakesnow.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    async function runs(minute: number, run: Run): Promise<void> {
      const {
        daysAgo,
        user,
        text,
        type = 'SELECT',
        status = 'SUCCESS',
        read,
        base = [],
        written = [],
        lookedAt = [],
      } = run;
      const time = `TO_TIMESTAMP_LTZ(${TODAY - daysAgo * DAY + minute * 60_000}, 3)`;
      const objects = (names: readonly string[]): string =>
        JSON.stringify(names.map((name) => ({ objectName: `ANALYTICS.${name}`, objectDomain: 'Table' })));
      await fakesnow.execute(
        `INSERT INTO SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY (QUERY_ID, QUERY_TEXT, QUERY_TYPE, DATABASE_NAME, SCHEMA_NAME, USER_NAME, SESSION_ID, EXECUTION_STATUS, START_TIME, END_TIME, TOTAL_ELAPSED_TIME, CREDITS_USED_CLOUD_SERVICES, QUERY_PARAMETERIZED_HASH)
         SELECT 'u${minute}', '${text}', '${type}', 'ANALYTICS', 'RAW', '${user}', 1, '${status}', ${time}, ${time}, 100, 0.5, '${parameterizedHash(text)}'`
      );
      await fakesnow.execute(
        `INSERT INTO SNOWFLAKE.ACCOUNT_USAGE.ACCESS_HISTORY SELECT 'u${minute}', ${time}, '${user}', PARSE_JSON('${objects([...read, ...lookedAt])}'), PARSE_JSON('${objects(base)}'), PARSE_JSON('${objects(written)}')`
      );
    }

    async function usage(): Promise<z.infer<typeof report>> {
      const { code, stdout, stderr } = await runCli(['run', 'usage.yaml', '--json'], { env, cwd: ingestion.folder });
      expect(code, stderr + stdout).to.equal(0);
      return report.parse(JSON.parse(stdout));
    }

    it('counts tables, schemas and databases by day, joins, users by their address, costs and life cycles exactly', async () => {
      const { state, steps } = await usage();
      expect(state).to.equal('success');
      const { ranked, ...held } = heldUsage(catalogFile);
      const reading = { database: 'snowflake.ANALYTICS', users: { ANALYST: 'jane' } };
      const shown = (time: number): string => new Date(time).toISOString();
      expect(held, 'as added up by hand').to.deep.equal(usageOf(annotated(log), { ...reading, shown }));
      expect({ ...held, ranked }).to.deep.equal(expected(log));
      // One for all days, whatever ran, and a few that open the session and look at what can be read.
      expect(steps[0]).to.include({ records: log === 'access-history' ? 9 : 8 });
      expect(steps[0]?.statements).to.be.at.most(11);
    });

    it('changes nothing the second time, and reads no day that is done', async () => {
      const { steps } = await usage();
      expect(steps[0]?.records).to.equal(0);
      expect(heldUsage(catalogFile)).to.deep.equal(expected(log));
    });
  });
}
