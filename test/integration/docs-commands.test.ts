import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { createClient, readTemporalSettings, RunStoppedError } from '../../src/client/index.js';
import { writeShopLog } from '../../src/client/quickstart/shop-log.js';
import { findTemporal } from '../../src/client/temporal-server/index.js';
import { blocksOf } from '../services/docs.js';
import { hasPort } from '../services/fixed-port.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';
import { startProgram, type Program } from '../services/program.js';
import { startTemporal, type TestTemporal } from '../services/temporal.js';

const run = promisify(execFile);
const CATALOG_PORT = 8585;

/** Pages with commands, in the order in which they are tried. */
const PAGES = [
  'docs/operations.md',
  'docs/schedules.md',
  'docs/ui.md',
  'docs/cli.md',
  'docs/local-catalog.md',
  'docs/orchestrators.md',
  'docs/coming-from-python.md',
  'docs/openmetadata.md',
  'docs/security.md',
  'docs/workflows/usage.md',
  'docs/workflows/profiler.md',
  'docs/workflows/data-quality.md',
];

/** Those whose commands other tests run. */
const TESTED_ELSEWHERE: Readonly<Record<string, string>> = {
  'README.md': 'readme.test.ts',
  'CONTRIBUTING.md': 'readme.test.ts',
  'docs/code.md': 'packed-install.test.ts',
};

/** Commands that stay, and what they say when they are there. A worker stays until the last command that needs one. */
const STAYS: readonly (readonly [start: string, says: string])[] = [
  ['om-ingest worker', 'worker is ready'],
  ['om-ingest catalog', 'Ctrl-C stops the catalog'],
  ['om-ingest temporal', 'Ctrl-C stops it'],
];

/** What the output of a command has to show; the others have to succeed. */
const SHOWS: readonly (readonly [start: string, output: RegExp])[] = [
  ['temporal workflow execute', /shop.*success|success.*shop/s],
  ['temporal workflow result', /shop.*success|success.*shop/s],
  ['temporal workflow query', /"?stages"?/],
  ['temporal workflow list --query', /^$|WorkflowId/],
  ['om-ingest schedule apply --file', /om-shop\.metadata created.*Europe\/Berlin.*\nom-shop\.lineage created.*UTC/],
  ['om-ingest schedule apply mysql', /^om-shop\.metadata (created|updated): 0 3 \* \* \*/],
  ['om-ingest schedule show', /next +\d{4}-/],
  ['om-ingest schedule trigger', /^run om-shop\.metadata-\d{4}/],
  ['om-ingest run mysql/metadata.yaml --ui', /start-workflow\?workflowId=om-shop\.metadata&.*\n{"recipePath"/],
  ['om-ingest run mysql/metadata.yaml --detach', /^run om-shop\.metadata\n/],
  ['om-ingest run mysql/metadata.yaml --json >', /^$/],
  ['om-ingest run mysql/data-quality.yaml', /testSuiteWorkflow of shop: success/],
  ['om-ingest run recipes/mysql/usage.yaml', /usageWorkflow of shop: success/],
  ['om-ingest run recipes/mysql/profiler.yaml', /profilerWorkflow of shop: success/],
  ['om-ingest plan mysql/data-quality.yaml', /SELECT COUNT/],
  ['om-ingest run mysql/metadata.yaml', /metadataWorkflow of shop: success|^{"workflow":"metadataWorkflow"/],
  ['om-ingest status', /metadataWorkflow/],
  ['om-ingest cancel', /is asked to stop/],
  ['om-ingest report om-shop.metadata --html', /run\.html\n$/],
  ['om-ingest report', /Stages:/],
  ['om-ingest explain', /orders\n +recipe +lets it in/],
  ['om-ingest plan', /shop/],
  ['om-ingest check', /ok +token: accepted/],
];

describe('Commands of the docs, as typed there', function () {
  this.timeout(240_000);
  let temporal: TestTemporal;
  let ingestion: Ingestion;
  let env: NodeJS.ProcessEnv;
  const staying: Program[] = [];

  before(async () => {
    // a server of its own: the docs register search attributes
    temporal = await startTemporal();
    ingestion = await startIngestion({ taskQueue: 'openmetadata-ingestion', address: temporal.address });
    const [schedules] = blocksOf('docs/schedules.md', 'yaml');
    writeFileSync(join(ingestion.folder, 'schedules.yaml'), schedules?.text ?? '');
    const log = join(ingestion.folder, 'queries.csv');
    writeShopLog(log);
    const tests = join(ingestion.recipesDir, 'mysql/data-quality.yaml');
    // named as that of recipes/mysql; and the last one fails, to be seen in the quickstart
    const cases = readFileSync(tests, 'utf8').replace('order_id_is_unique', 'id_is_unique');
    writeFileSync(tests, cases.replace(/ {6}- name: paid_orders_are_shipped[\s\S]*?(?=^sink)/m, ''));
    const bin = join(ingestion.folder, 'bin');
    mkdirSync(bin);
    const main = join(process.cwd(), 'dist/src/client/cli/main.js');
    chmodSync(main, 0o755);
    symlinkSync(main, join(bin, 'om-ingest'));
    const { path } = await findTemporal();
    const PATH = [bin, dirname(path), process.env['PATH'] ?? ''].join(delimiter);
    // the recipes folder is what a command says, else ./recipes
    env = { ...process.env, ...ingestion.env, PATH, QUICKSTART_LOG: log, OM_INGEST_RECIPES: undefined, CI: undefined };
  });
  after(async () => {
    for (const program of staying) program.child.kill('SIGTERM');
    await Promise.all(staying.map((program) => program.ended));
    await ingestion?.stop();
    await temporal?.stop();
  });

  it('are those of every page that has any', () => {
    const withCommands = allPages().filter((page) => blocksOf(page, 'sh').length > 0);
    expect(withCommands).to.have.members([...PAGES, ...Object.keys(TESTED_ELSEWHERE)]);
  });

  for (const page of PAGES)
    describe(page, () => {
      for (const block of blocksOf(page, 'sh'))
        for (const command of block.lines)
          it(command, async function () {
            if (command.startsWith('om-ingest catalog') && !(await hasPort(CATALOG_PORT))) return this.skip();
            if (/ cancel /.test(command)) return stop(command);
            return stays(command) ? start(command) : succeed(command);
          });
    });

  /** A run is under way, and stays so until the command was given: its worker is held. */
  async function stop(command: string): Promise<void> {
    const id = command.split(' ').at(-1) ?? '';
    const settings = readTemporalSettings({ TEMPORAL_ADDRESS: temporal.address });
    const client = await createClient({ settings });
    try {
      const earlier = client.attach(id);
      await earlier.wait().catch(() => undefined);
      hold('SIGSTOP');
      const run = await client.start({ recipePath: 'mysql/metadata.yaml' }, { workflowId: id });
      await succeed(command);
      hold('SIGCONT');
      const end = await run.wait().catch((error: unknown) => error);
      expect(end).to.be.instanceOf(RunStoppedError);
      expect(end).to.include({ how: 'cancelled' });
    } finally {
      hold('SIGCONT');
      await client.close();
    }
  }

  const hold = (signal: 'SIGSTOP' | 'SIGCONT'): void => staying.forEach((worker) => worker.child.kill(signal));
  const stays = (command: string): boolean => STAYS.some(([begin]) => command.startsWith(begin));

  async function start(command: string): Promise<void> {
    const program = startProgram('bash', ['-c', `exec ${command}`], { env, cwd: ingestion.folder });
    const says = STAYS.find(([begin]) => command.startsWith(begin))?.[1] ?? '';
    await program.until(says);
    if (command.startsWith('om-ingest worker')) {
      staying.push(program);
      return;
    }
    program.child.kill('SIGTERM');
    expect(await program.ended).to.include({ code: 0 });
  }

  async function succeed(command: string): Promise<void> {
    const { stdout, stderr } = await run('bash', ['-c', command], {
      env,
      cwd: ingestion.folder,
      timeout: 60_000,
    }).catch((error: unknown) => {
      const [out, err] = ['stdout', 'stderr'].map((name) => String(Reflect.get(Object(error), name)));
      throw new Error(`${command}\n${out}${err}`);
    });
    const shows = SHOWS.find(([begin]) => command.startsWith(begin))?.[1];
    if (shows !== undefined) expect(stdout, stderr).to.match(shows);
    expect(stderr).not.to.match(/unknown flag|Error/);
  }
});

describe('Commands of temporal that the docs name and do not run', () => {
  const named = new Set(allPages().flatMap(temporalIn));

  it('are those that tctl was used for, and more', () => expect(named).to.have.property('size').above(20));

  for (const command of named)
    it(`names flags that there are: ${command}`, async () => {
      const { path } = await findTemporal();
      const words = command.split(' ').slice(1);
      const first = words.findIndex((word) => !/^[a-z-]+$/.test(word) || word.startsWith('--'));
      const subcommand = first === -1 ? words : words.slice(0, first);
      const { stdout } = await run(path, [...subcommand, '--help']);
      expect(stdout).to.contain(`temporal ${subcommand.join(' ')}`);
      for (const flag of words.filter((word) => word.startsWith('--'))) expect(stdout).to.contain(`${flag} `);
    });
});

function allPages(): string[] {
  return ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...markdownIn('docs'), ...markdownIn('examples')];
}

function markdownIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
}

/** Commands in running text, in tables, and in blocks that are no script. */
function temporalIn(page: string): string[] {
  const inline = readFileSync(page, 'utf8').matchAll(/`(temporal [a-z][^`]*)`/g);
  const lines = blocksOf(page, 'text').flatMap((block) => block.lines);
  return [...[...inline].map(([, command = '']) => command), ...lines.filter((line) => line.startsWith('temporal '))];
}
