import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { z } from 'zod';
import type { RunReport } from '../../../src/report/index.js';
import { runCli } from '../../services/cli.js';
import { mariadbEnvironment } from '../../services/mariadb-environment.js';
import { untilEntries } from '../../services/until-entries.js';
import { LineageLab, type LineageTrial } from '../lineage/lineage-lab.js';
import { usageOf, type AnnotatedStatement } from './annotated-usage.js';
import { heldUsage, type HeldUsage } from './held-usage.js';

const DAY = 24 * 3_600_000;
const TODAY = Math.floor(Date.now() / DAY) * DAY;
/** Texts of the run that faults hit: several chunks. */
const BULK = 1_500;

const date = (daysAgo: number): string => new Date(TODAY - daysAgo * DAY).toISOString().slice(0, 10);

/** A statement of a user in a schema. */
type Statement = readonly [user: string, schema: string, text: string];

/** What ran on a day: so many days ago. */
const DAYS: readonly (readonly [daysAgo: number, statements: readonly Statement[]])[] = [
  [
    2,
    [
      ['jane', 'shop', 'SELECT * FROM orders WHERE id = 1'],
      ['jane', 'shop', 'SELECT * FROM orders WHERE id = 2 /* again */'],
      ['etl', 'shop', 'SELECT * FROM orders WHERE id = 3'],
      ['etl', 'mart', 'SELECT o.id, c.name FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id'],
    ],
  ],
  [
    1,
    [
      ['jane', 'shop', 'SELECT c.name, o.total FROM customers c, orders o WHERE o.customer_id = c.id AND o.total > 10'],
      ['etl', 'mart', 'INSERT INTO orders_archive SELECT * FROM shop.orders'],
      ['etl', 'mart', "UPDATE customer_360 SET name = 'x' WHERE id = 7"],
      ['jane', 'shop', 'SET @mine = 1'],
    ],
  ],
  [0, [['jane', 'mart', 'SELECT country FROM v_countries']]],
];

const JOINED = ['shop.customers.id = shop.orders.customer_id'];
const BOTH = ['shop.customers', 'shop.orders'];
/** The same statements in the same order, as a person reads them; SET touches no table. */
const ANNOTATED: readonly (readonly [
  daysAgo: number,
  login: string,
  does: Omit<AnnotatedStatement, 'time' | 'login'>,
])[] = [
  [2, 'jane', { stored: 'SELECT * FROM orders WHERE id = ?', read: ['shop.orders'] }],
  [2, 'jane', { stored: 'SELECT * FROM orders WHERE id = ?', read: ['shop.orders'] }],
  [2, 'etl', { stored: 'SELECT * FROM orders WHERE id = ?', read: ['shop.orders'] }],
  [
    2,
    'etl',
    {
      stored: 'SELECT o.id, c.name FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id',
      read: BOTH,
      joins: JOINED,
    },
  ],
  [
    1,
    'jane',
    {
      stored: 'SELECT c.name, o.total FROM customers c, orders o WHERE o.customer_id = c.id AND o.total > ?',
      read: BOTH,
      joins: JOINED,
    },
  ],
  [
    1,
    'etl',
    {
      stored: 'INSERT INTO orders_archive SELECT * FROM shop.orders',
      read: ['shop.orders'],
      written: ['mart.orders_archive'],
    },
  ],
  [1, 'etl', { stored: 'UPDATE customer_360 SET name = ? WHERE id = ?', read: [], written: ['mart.customer_360'] }],
  [0, 'jane', { stored: 'SELECT country FROM v_countries', read: ['mart.v_countries'] }],
];

describe('usageWorkflow of MySQL', function () {
  this.timeout(180_000);
  let lab: LineageLab;

  before(async () => {
    lab = await LineageLab.open();
    const { mariadb } = lab;
    // The reader counts by UTC days whatever the server's zone is; the log is a copy, so that its days can be chosen.
    await mariadb.run(
      `CREATE SCHEMA logs; CREATE TABLE logs.general AS SELECT * FROM mysql.general_log LIMIT 0;
       GRANT SELECT ON logs.* TO '${mariadb.user}';
       CREATE USER jane IDENTIFIED BY 'j'; GRANT ALL ON *.* TO jane; CREATE USER etl IDENTIFIED BY 'e'; GRANT ALL ON *.* TO etl`
    );
    const recipe = readFileSync('recipes/mysql/usage.yaml', 'utf8')
      .replace('queryLogDuration: 1', 'queryLogDuration: 5')
      .replace('      hostPort: ${MYSQL', '      queryHistoryTable: logs.general\n      hostPort: ${MYSQL');
    writeFileSync(path.join(lab.recipes, 'usage.yaml'), recipe);
    writeFileSync(
      path.join(lab.recipes, 'usage-again.yaml'),
      recipe.replace('  loggerLevel: INFO', '  loggerLevel: INFO\n  config: {usage: {readAgain: true}}')
    );
    await lab.trial(async ({ catalog: { url, token } }) => {
      const answer = await fetch(`${url}/api/v1/users`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'jane', email: 'jane@example.com' }),
      });
      expect(answer.ok).to.equal(true);
    }, 'start');
    for (const [daysAgo, statements] of DAYS) await ran(daysAgo, statements);
  });
  after(async () => {
    await lab.mariadb.run('DROP USER jane; DROP USER etl; DROP SCHEMA logs');
    await lab.close();
  });

  /**
   * Runs statements, and keeps what the general log has of them under the day, at ten o'clock and the seconds behind
   * it.
   */
  async function ran(daysAgo: number, statements: readonly Statement[]): Promise<void> {
    const { mariadb } = lab;
    await mariadb.run('TRUNCATE mysql.general_log');
    for (const [user, database, text] of statements)
      await mariadb.runSession(database, [text], { user, password: user.slice(0, 1) });
    await mariadb.run(
      `SET @n = 0; INSERT INTO logs.general
         SELECT FROM_UNIXTIME(${(TODAY - daysAgo * DAY) / 1000} + (@n := @n + 1)), user_host, thread_id, server_id, command_type, argument
         FROM mysql.general_log WHERE user_host LIKE 'jane%' OR user_host LIKE 'etl%' OR user_host LIKE '[jane%' OR user_host LIKE '[etl%'`
    );
  }

  const step = (report: RunReport, name: string): RunReport['steps'][number] => {
    const found = report.steps.find((each) => each.name === name);
    if (found === undefined) throw new Error(`no step ${name}: ${report.steps.map((each) => each.name).join(', ')}`);
    return found;
  };
  /** Seconds are those in which the log was copied. */
  const withoutTimes = (held: HeldUsage): HeldUsage => ({
    ...held,
    lifeCycles: Object.fromEntries(
      Object.entries(held.lifeCycles).map(([table, moments]) => [
        table,
        moments.map((moment) => moment.replace(/T[\d:.]+Z/, '')),
      ])
    ),
  });

  it('counts tables, schemas and databases by day, joins, queries with their users, and life cycles exactly', async () => {
    await lab.trial(async (trial) => {
      const report = await trial.run('usage.yaml');
      expect(report.state).to.equal('success');
      const [two, one, today] = [date(2), date(1), date(0)];
      const held = withoutTimes(heldUsage(trial.file));
      const { ranked, ...counted } = held;
      expect(ranked).to.have.length(3);
      expect(counted, 'as added up by hand').to.deep.equal(
        usageOf(
          ANNOTATED.map(([daysAgo, login, does], index) => ({ time: TODAY - daysAgo * DAY + index, login, ...does })),
          {
            database: 'mysql.default',
            users: { jane: 'jane' },
            shown: (time) => new Date(time).toISOString().slice(0, 10),
          }
        )
      );
      expect(held).to.deep.equal({
        counts: {
          'shop.orders': { [two]: 4, [one]: 2 },
          'shop.customers': { [two]: 1, [one]: 1 },
          'mart.orders_archive': { [one]: 1 },
          'mart.customer_360': { [one]: 1 },
          'mart.v_countries': { [today]: 1 },
          shop: { [two]: 5, [one]: 3 },
          mart: { [one]: 2, [today]: 1 },
          'mysql.default': { [two]: 5, [one]: 5, [today]: 1 },
        },
        joins: [
          `${two} shop.customers.id = shop.orders.customer_id: 1`,
          `${one} shop.customers.id = shop.orders.customer_id: 1`,
        ],
        queries: [
          {
            text: 'INSERT INTO orders_archive SELECT * FROM shop.orders',
            tables: ['mart.orders_archive', 'shop.orders'],
            users: [],
            usedBy: ['etl'],
          },
          {
            text: 'SELECT * FROM orders WHERE id = ?',
            tables: ['shop.orders'],
            users: ['jane'],
            usedBy: ['etl', 'jane'],
          },
          {
            text: 'SELECT c.name, o.total FROM customers c, orders o WHERE o.customer_id = c.id AND o.total > ?',
            tables: ['shop.customers', 'shop.orders'],
            users: ['jane'],
            usedBy: ['jane'],
          },
          { text: 'SELECT country FROM v_countries', tables: ['mart.v_countries'], users: ['jane'], usedBy: ['jane'] },
          {
            text: 'SELECT o.id, c.name FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id',
            tables: ['shop.customers', 'shop.orders'],
            users: [],
            usedBy: ['etl'],
          },
          {
            text: 'UPDATE customer_360 SET name = ? WHERE id = ?',
            tables: ['mart.customer_360'],
            users: [],
            usedBy: ['etl'],
          },
        ],
        costs: [],
        lifeCycles: {
          'mart.customer_360': [`updated ${one} by etl`],
          'mart.orders_archive': [`updated ${one} by etl`],
          'mart.v_countries': [`accessed ${today} by jane`],
          'shop.customers': [`accessed ${one} by jane`],
          'shop.orders': [`accessed ${one} by etl`],
        },
        ranked: [`shop ${one}`, `shop.orders ${two}`, `shop.orders ${one}`],
      });
      expect(step(report, 'OpenMetadata')).to.include({ records: 7, errors: 0 });

      // A second and a third run change nothing, and read complete days only when they are told to.
      const whole = heldUsage(trial.file);
      for (const [recipe, read, told] of [
        ['usage.yaml', 1, [`Days before ${today} are done`]],
        ['usage-again.yaml', 8, []],
      ] as const) {
        const { code, stdout, stderr } = await runCli(['plan', recipe, '--json'], {
          env: {
            OM_INGEST_RECIPES: lab.recipes,
            OM_INGEST_STAGING: trial.staging,
            OM_HOST_PORT: `${trial.catalog.url}/api`,
            OM_JWT_TOKEN: trial.catalog.token,
            ...mariadbEnvironment(lab.mariadb),
          },
        });
        expect(code, stderr).to.equal(0);
        const plan = z.object({ queriesRead: z.number(), notes: z.array(z.string()) }).parse(JSON.parse(stdout));
        expect(plan.queriesRead, recipe).to.equal(read);
        expect(plan.notes.map((note) => note.slice(0, told[0]?.length))).to.deep.equal(told);
      }
      expect(step(await trial.run('usage.yaml'), 'Mysql').records).to.equal(1);
      expect(step(await trial.run('usage-again.yaml'), 'Mysql').records).to.equal(8);
      expect(heldUsage(trial.file)).to.deep.equal(whole);
    });
  });

  it('is a partial success before any metadata, and reads the same days again', async () => {
    const recipe = readFileSync(path.join(lab.recipes, 'usage.yaml'), 'utf8');
    writeFileSync(path.join(lab.recipes, 'usage-early.yaml'), recipe.replaceAll('${MYSQL_SERVICE:-mysql}', 'early'));
    await lab.trial(async (trial) => {
      const { url, token } = trial.catalog;
      const made = await fetch(`${url}/api/v1/services/databaseServices`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'early', serviceType: 'Mysql' }),
      });
      expect(made.ok).to.equal(true);
      for (const run of [1, 2]) {
        const report = await trial.run('usage-early.yaml');
        expect(report.state, `run ${run}`).to.equal('partialSuccess');
        expect(report.notes.join()).to.contain('Run its metadata recipe first');
        expect(step(report, 'Mysql').records, `run ${run}`).to.equal(8);
      }
    });
  });

  describe('of many texts', () => {
    let clean: HeldUsage;
    let cleanReport: RunReport;

    before(async () => {
      await lab.mariadb.run(
        `INSERT INTO logs.general SELECT FROM_UNIXTIME(${(TODAY - DAY) / 1000} + 3600 + seq), 'etl[etl] @ localhost []', 1000000, 1, 'Query',
           CONCAT('SELECT o.id AS ', REPEAT('x', 60), seq % 1200, REPEAT(', o.total', 60), ' FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id WHERE o.id = ', seq)
         FROM logs.seq_1_to_${BULK}`
      );
      await lab.trial(async (trial) => {
        cleanReport = await trial.run('usage.yaml');
        clean = heldUsage(trial.file);
      });
      expect(clean.counts['shop.customers']?.[date(1)]).to.equal(BULK + 1);
      expect(clean.queries).to.have.length(1200 + 6);
    });

    const expectAsClean = (report: RunReport, trial: LineageTrial): void => {
      expect(heldUsage(trial.file)).to.deep.equal(clean);
      expect(report.state).to.equal(cleanReport.state);
      for (const name of ['Mysql', 'Query Parser', 'Table Usage'])
        expect(step(report, name), name).to.include({ records: step(cleanReport, name).records, errors: 0 });
      expect(readdirSync(path.join(trial.staging, 'runs'))).to.deep.equal([]);
    };

    for (const [what, stage] of [
      ['reads the log', 'queries'],
      ['parses', 'parsed'],
      ['adds up', 'usage'],
    ] as const) {
      it(`counts the same after kill -9 while it ${what}`, async () => {
        await lab.trial(async (trial) => {
          const handle = await trial.start('usage.yaml');
          await untilEntries(path.join(trial.staging, 'runs', handle.firstExecutionRunId, stage, '0'), 1);
          await trial.worker.kill();
          await trial.startWorker();
          expectAsClean((await handle.result()) as RunReport, trial);
        });
      });
    }

    for (const [what, called] of [
      ['queries', '/queries/bulk'],
      ['a count', '/usage/table/'],
    ] as const) {
      it(`counts the same after kill -9 while it sends ${what}, and when the second call of them has no answer`, async () => {
        await lab.trial(async (trial) => {
          let calls = 0;
          const killed = new Promise<void>((resolve, reject) => {
            trial.proxy.onCall(({ method, path: at }) => {
              if (method === 'GET' || !at.includes(called)) return undefined;
              calls += 1;
              const then = (): Promise<void> => trial.worker.kill().then(resolve, reject);
              return calls === 2 ? { kind: 'answered', then } : undefined;
            });
          });
          const handle = await trial.start('usage.yaml');
          await killed;
          await trial.startWorker();
          expectAsClean((await handle.result()) as RunReport, trial);
        });
      });
    }

    it('is counted once by two runs that are started at once, of which one waits for the other and says so', async () => {
      await lab.trial(async (trial) => {
        let isHeld = true;
        let reached: () => void = () => undefined;
        const sending = new Promise<void>((resolve) => (reached = resolve));
        trial.proxy.onCall(({ method, path: at }) => {
          if (method === 'GET' || !at.includes('/usage/table/')) return undefined;
          reached();
          const then = async (): Promise<void> => {
            while (isHeld) await sleep(20);
          };
          return isHeld ? { kind: 'before', then } : undefined;
        });
        const handles = [await trial.start('usage.yaml'), await trial.start('usage.yaml')];
        await sending;
        const waits: string[] = [];
        for (const end = Date.now() + 60_000; waits.length === 0 && Date.now() < end; await sleep(50)) {
          for (const handle of handles) {
            const progress = JSON.stringify(await handle.query('progress').catch(() => ''));
            if (progress.includes('which publishes usage of the same service')) waits.push(progress);
          }
        }
        isHeld = false;
        const reports = await Promise.all(handles.map(async (handle) => (await handle.result()) as RunReport));
        expect(waits.join()).to.contain('wait for ');
        expect(reports.map(({ state }) => state)).to.deep.equal(['success', 'success']);
        expect(reports.map((each) => step(each, 'OpenMetadata').records).sort((one, other) => one - other)[0]).to.equal(
          0
        );
        expect(heldUsage(trial.file)).to.deep.equal(clean);
      });
    });

    it('is counted by the difference when a day has grown between two runs', async () => {
      await lab.trial(async (trial) => {
        await lab.mariadb.run(
          'RENAME TABLE logs.general TO logs.whole; CREATE TABLE logs.general AS SELECT * FROM logs.whole WHERE thread_id <> 1000000 OR argument LIKE "%5"'
        );
        await trial.run('usage.yaml');
        const before = heldUsage(trial.file);
        await lab.mariadb.run('DROP TABLE logs.general; RENAME TABLE logs.whole TO logs.general');
        await trial.run('usage-again.yaml');
        expect(before).not.to.deep.equal(clean);
        expect(heldUsage(trial.file)).to.deep.equal(clean);
      });
    });
  });
});
