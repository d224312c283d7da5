import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { runCli, type CliOutcome } from '../../services/cli.js';
import { startIngestion, type Ingestion } from '../../services/ingestion.js';

const DAY = 24 * 3_600_000;
const date = (daysAgo: number): string => new Date(Date.now() - daysAgo * DAY).toISOString().slice(0, 10);
const ORDERS = 'quickstart_shop.shop.main.orders';

const plan = z.object({
  queriesRead: z.number(),
  queries: z.number(),
  queriesUnchanged: z.number(),
  costs: z.number(),
  costsUnchanged: z.number(),
  costsUnknown: z.number(),
  days: z.array(z.object({ date: z.string(), tables: z.number(), uses: z.number(), unchanged: z.number() })),
  tables: z.array(z.object({ fqn: z.string(), uses: z.number() })),
  notes: z.array(z.string()),
});

/** Of a log in a file, so that what is in it is known. */
describe('check, plan and explain of usage', function () {
  this.timeout(240_000);
  let ingestion: Ingestion;

  const cli = (...args: string[]): Promise<CliOutcome> => runCli(args, { env: ingestion.env, cwd: ingestion.folder });
  const planned = async (recipe = 'usage.yaml', ...flags: string[]): Promise<z.infer<typeof plan>> => {
    const { code, stdout, stderr } = await cli('plan', recipe, '--json', ...flags);
    expect(code, stderr).to.equal(0);
    return plan.parse(JSON.parse(stdout));
  };
  const recipe = (name: string, change: (text: string) => string = (text) => text): void =>
    writeFileSync(
      join(ingestion.recipesDir, name),
      change(
        readFileSync('recipes/quickstart/usage.yaml', 'utf8').replace(
          /queryLogFilePath: .*/,
          `queryLogFilePath: ${log()}`
        )
      )
    );
  const log = (): string => join(ingestion.folder, 'log.csv');
  const ran = (...rows: readonly (readonly [daysAgo: number, text: string, cost?: number])[]): void => {
    const lines = rows.map(
      ([daysAgo, text, cost = '']) => `"${text}",shop,main,jane,${date(daysAgo)} 10:00:00,${cost}`
    );
    writeFileSync(log(), ['query_text,database_name,schema_name,user_name,start_time,cost', ...lines, ''].join('\n'));
  };

  before(async () => {
    ingestion = await startIngestion();
    recipe('usage.yaml');
    await ingestion.startWorker();
  });
  after(() => ingestion.stop());

  it('check tells whether the file can be read, and what a source without a log of its own needs', async () => {
    ran([1, 'SELECT 1']);
    const readable = await cli('check', 'usage.yaml');
    expect(readable.stdout).to.match(/\nok +query log: \S+log\.csv can be read from here/);
    // Nothing is there yet that its counts could belong to.
    expect(readable.stdout).to.match(/\nFAIL +service: OpenMetadata has no service quickstart_shop\./);
    expect(readable.code).to.equal(2);

    recipe('gone.yaml', (text) => text.replace('log.csv', 'gone.csv'));
    const gone = await cli('check', 'gone.yaml');
    expect(gone.stdout).to.match(/\nFAIL +query log: The query log \S+gone\.csv .*\n +Give the path of a CSV file/);
    expect(gone.code).to.equal(2);

    recipe('none.yaml', (text) => text.replace(/ +queryLogFilePath: .*\n/, ''));
    const none = await cli('check', 'none.yaml');
    expect(none.stderr).to.match(/queryLogFilePath: is required and missing: `sqlite` has no log for usage runs/);
    expect(none.code).to.equal(3);
  });

  it('a plan and a run before any metadata say that the metadata recipe comes first', async () => {
    ran([1, 'SELECT * FROM orders']);
    for (const command of ['plan', 'run']) {
      const unknown = await cli(command, 'usage.yaml');
      expect(unknown.code, command).to.equal(2);
      expect(unknown.stdout + unknown.stderr)
        .to.contain('OpenMetadata has no service quickstart_shop')
        .and.contain('run its metadata recipe first');
    }

    const made = await fetch(`${ingestion.catalog.hostPort}/v1/services/databaseServices`, {
      method: 'PUT',
      headers: { Authorization: `Bearer ${ingestion.catalog.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'quickstart_shop', serviceType: 'SQLite' }),
    });
    expect(made.ok).to.equal(true);
    const { days, notes } = await planned();
    expect(days).to.deep.equal([]);
    expect(notes.join()).to.contain('Run its metadata recipe first');
    const empty = await cli('run', 'usage.yaml');
    expect(empty.code, empty.stderr).to.equal(1);
    expect(empty.stdout + empty.stderr).to.contain('Run its metadata recipe first');
  });

  it('plan tells what a run would send, writes nothing, and then finds it unchanged but for what has come since', async () => {
    const metadata = await cli('run', 'shop.yaml', '--quiet');
    expect(metadata.code, metadata.stderr).to.equal(0);
    const rows = [
      [2, 'SELECT * FROM orders WHERE order_id = 1', 0.5],
      [2, 'SELECT * FROM orders WHERE order_id = 2', 0.5],
      [1, 'SELECT * FROM orders o JOIN customers c ON o.customer_id = c.customer_id'],
    ] as const;
    ran(...rows);
    const before = await planned();
    expect(before).to.deep.include({ queriesRead: 3, queries: 2, costs: 1 });
    expect(before.days).to.deep.equal([
      { date: date(2), tables: 1, uses: 2, unchanged: 0 },
      { date: date(1), tables: 2, uses: 2, unchanged: 0 },
    ]);
    expect(before.tables[0]).to.deep.equal({ fqn: ORDERS, uses: 3 });
    const stored = await fetch(`${ingestion.catalog.hostPort}/v1/queries?service=quickstart_shop`, {
      headers: { Authorization: `Bearer ${ingestion.catalog.token}` },
    });
    expect(await stored.json()).to.deep.include({ data: [] });

    const run = await cli('run', 'usage.yaml', '--quiet');
    expect(run.code, run.stderr).to.equal(0);
    expect((await planned()).days.map(({ uses, unchanged }) => [uses, unchanged])).to.deep.equal([
      [0, 1],
      [0, 2],
    ]);
    const sent = { queries: 0, queriesUnchanged: 2 };
    const [told, untold] = [
      await planned('usage.yaml', '--staging', join(ingestion.folder, 'staging')),
      await planned('usage.yaml', '--staging', join(ingestion.folder, 'none')),
    ];
    expect(told).to.deep.include({ ...sent, costs: 0, costsUnchanged: 1, costsUnknown: 0, notes: [] });
    expect(untold).to.deep.include({ ...sent, costs: 0, costsUnchanged: 0, costsUnknown: 1 });
    expect(untold.notes.join()).to.contain('--staging');
    ran(...rows, [1, 'SELECT * FROM customers']);
    const { stdout } = await cli('plan', 'usage.yaml');
    expect(stdout)
      .to.match(/^A run of quickstart_shop now: 4 queries read, 1 use to send/)
      .and.to.contain(`${date(1)}  1 use of 1 table, 1 unchanged`);
  });

  it('explain tells the counts of a table, what became of them and which texts made them', async () => {
    const { stdout } = await cli('explain', ORDERS);
    const counts = `2 uses on ${date(2)}: written\n +1 use on ${date(1)}: written`;
    const texts = `2 on ${date(2)} by SELECT \\* FROM orders WHERE order_id = \\?\n +1 on ${date(1)} by SELECT \\* FROM orders o JOIN`;
    expect(stdout).to.match(new RegExp(`usage .*\n +${counts}\n +${texts}`));
  });

  it('report has the publishing of a run, which a workflow of its own does, among the stages', async () => {
    const { stdout } = await cli('report', 'om-quickstart_shop.usage');
    expect(stdout).to.match(/aggregateUsage +\d+\.\d s\n {2}publishUsage +\d+\.\d s\n/);
    expect((await cli('report', 'om-quickstart_shop.usage', '--html', 'usage.html')).code).to.equal(0);
    expect(readFileSync(join(ingestion.folder, 'usage.html'), 'utf8')).to.contain('>publishUsage<');
  });

  it('a run that fails while it reads leaves nothing staged', async () => {
    const kept = readFileSync(log(), 'utf8');
    writeFileSync(log(), 'sql\nSELECT 1\n');
    const { code, stderr, stdout } = await cli('run', 'usage.yaml');
    expect(code).to.equal(2);
    expect(stdout + stderr).to.contain('has no column query_text');
    expect(readdirSync(join(ingestion.folder, 'staging', 'runs'))).to.deep.equal([]);
    writeFileSync(log(), kept);
  });

  it('a file is read in place of the log of the source, which is not asked', async () => {
    recipe('other.yaml', (text) =>
      text
        .replace('type: sqlite-usage', 'type: mysql-usage')
        .replace(
          '  sourceConfig:',
          '  serviceConnection:\n    config: {type: Mysql, username: nobody, hostPort: 127.0.0.1:1}\n  sourceConfig:'
        )
    );
    const { days } = await planned('other.yaml');
    expect(days.map(({ uses }) => uses)).to.deep.equal([0, 1]);
    const check = await cli('check', 'other.yaml');
    expect(check.stdout).to.match(/\nok +query log: /);
    const run = await cli('run', 'other.yaml', '--json');
    expect(run.code, run.stderr).to.equal(0);
  });
});
