import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { parse } from 'yaml';
import { z } from 'zod';
import { createClient, readTemporalSettings } from '../../../src/client/index.js';
import { findActionlint } from '../../services/actionlint.js';
import { pathWithCommand } from '../../services/command-path.js';
import { startIngestion, type Ingestion } from '../../services/ingestion.js';
import { startProgram, type Outcome } from '../../services/program.js';

const WORKFLOW_FILE = 'examples/github-actions/openmetadata.yml';
const step = z.object({ name: z.string(), run: z.string(), shell: z.string().default('bash -e {0}') });
const workflowFile = z.object({
  jobs: z.object({ ingest: z.object({ steps: z.array(z.union([step, z.object({ uses: z.string() })])) }) }),
});
const cronJob = z.object({
  spec: z.object({
    jobTemplate: z.object({
      spec: z.object({
        template: z.object({ spec: z.object({ containers: z.tuple([z.object({ command: z.array(z.string()) })]) }) }),
      }),
    }),
  }),
});

describe('Examples that wait by the command', function () {
  this.timeout(240_000);
  let ingestion: Ingestion;
  let env: NodeJS.ProcessEnv;

  before(async () => {
    ingestion = await startIngestion();
    await ingestion.startWorker();
    env = { ...process.env, ...ingestion.env, PATH: pathWithCommand(ingestion.folder) };
    const metadata = readFileSync(join(ingestion.recipesDir, 'mysql/metadata.yaml'), 'utf8');
    const lost = metadata.replace(/databaseMode: .*/, 'databaseMode: /nowhere/shop.db');
    writeFileSync(join(ingestion.recipesDir, 'lost.yaml'), lost);
  });
  after(() => ingestion.stop());

  describe(WORKFLOW_FILE, () => {
    const steps = new Map<string, z.infer<typeof step>>();
    let jobEnv: NodeJS.ProcessEnv;

    before(() => {
      for (const each of workflowFile.parse(parse(readFileSync(WORKFLOW_FILE, 'utf8'))).jobs.ingest.steps)
        if ('run' in each) steps.set(each.name, each);
      const prefix = join(ingestion.folder, 'global');
      mkdirSync(join(prefix, 'lib'), { recursive: true });
      jobEnv = {
        ...env,
        PATH: [join(prefix, 'bin'), process.env['PATH'] ?? ''].join(delimiter),
        npm_config_prefix: prefix,
        OM_INGEST_PACKAGE: process.cwd(),
        RECIPE: 'recipes/mysql/metadata.yaml',
        RUN: 'om-github-1',
        GITHUB_STEP_SUMMARY: join(ingestion.folder, 'summary.md'),
      };
    });

    it('passes actionlint', async function () {
      this.timeout(300_000);
      await promisify(execFile)(await findActionlint(), ['-no-color', WORKFLOW_FILE]);
    });

    it('installs the command, runs the recipe and writes the summary of the job', async () => {
      expect(await runStep('Install om-ingest')).to.include({ code: 0 });
      expect(await runStep('Ingest')).to.include({ code: 0 });
      expect(await runStep('Summary and annotations')).to.include({ code: 0, stdout: '' });
      const summary = readFileSync(jobEnv['GITHUB_STEP_SUMMARY'] ?? '', 'utf8');
      expect(summary)
        .to.match(/^### metadataWorkflow of shop: success/)
        .and.to.match(/\| OpenMetadata \| \d+ \|/);
    });

    it('takes the result of the first attempt when the job is run again', async () => {
      const report = readFileSync(join(ingestion.folder, 'report.json'), 'utf8');
      expect(await runStep('Ingest')).to.include({ code: 0 });
      expect(readFileSync(join(ingestion.folder, 'report.json'), 'utf8')).to.equal(report);
      expect(await executions('om-github-1')).to.equal(1);
    });

    it('fails with the exit code of a run that failed, and annotates why', async () => {
      const failing = { RECIPE: 'recipes/lost.yaml', RUN: 'om-github-2' };
      expect(await runStep('Ingest', failing)).to.include({ code: 2 });
      const { stdout } = await runStep('Summary and annotations', failing);
      expect(stdout)
        .to.match(/^::error title=/m)
        .and.to.match(/nowhere/);
    });

    function runStep(name: string, changes: NodeJS.ProcessEnv = {}): Promise<Outcome> {
      const { run = '', shell = '' } = steps.get(name) ?? {};
      const script = join(ingestion.folder, 'step');
      writeFileSync(script, run);
      const [command = '', ...args] = shell.replace('{0}', script).split(' ');
      return startProgram(command, args, { cwd: ingestion.folder, env: { ...jobEnv, ...changes } }).ended;
    }
  });

  it('examples/kubernetes/cronjob.yaml: a second pod of a job takes the result of the first', async () => {
    const file = cronJob.parse(parse(readFileSync('examples/kubernetes/cronjob.yaml', 'utf8')));
    const [{ command }] = file.spec.jobTemplate.spec.template.spec.containers;
    const [program = '', ...args] = command.map((word) => word.replace('$(JOB)', 'openmetadata-shop-29'));
    for (const pod of [1, 2]) {
      const outcome = await startProgram(program, args, { cwd: ingestion.folder, env }).ended;
      expect(outcome.code, `pod ${pod}: ${outcome.stderr}`).to.equal(0);
    }
    expect(await executions('om-openmetadata-shop-29')).to.equal(1);
  });

  it("examples/cron: the day's second start takes the result of the first, and a failure has its exit code", async () => {
    const lines = readFileSync('examples/cron/crontab', 'utf8').split('\n');
    const [, script, recipe] =
      /^[\d *]+(om-ingest-nightly) (\S+)$/.exec(lines.findLast((line) => /^\d/.test(line)) ?? '') ?? [];
    const start = (name: string): Promise<Outcome> =>
      startProgram(resolve('examples/cron', script ?? ''), [name], { cwd: ingestion.folder, env }).ended;
    for (const outcome of [await start(recipe ?? ''), await start(recipe ?? '')])
      expect(outcome, outcome.stderr).to.include({ code: 0 });
    const day = new Date().toISOString().slice(0, 10);
    expect(await executions(`om-cron-mysql-metadata-${day}`)).to.equal(1);
    expect(await start('lost.yaml')).to.include({ code: 2 });
  });

  /** How many runs an id has had. */
  async function executions(workflowId: string): Promise<number> {
    const client = await createClient({ settings: readTemporalSettings({ TEMPORAL_ADDRESS: ingestion.address }) });
    try {
      const { count } = await client.temporal.workflow.count(`WorkflowId = "${workflowId}"`);
      return count;
    } finally {
      await client.close();
    }
  }
});
