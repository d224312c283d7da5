import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { startIngestion, type Ingestion } from '../services/ingestion.js';
import { startProgram } from '../services/program.js';

/**
 * A program with a Runtime of its own, which makes a worker and ends it. It prints what its logger got, and what it
 * knows of signals.
 */
const program = (installRuntime: boolean): string => `
  import { createRequire } from 'node:module';
  import { createWorker, readWorkerSettings } from '${pathToFileURL('dist/src/index.js').href}';
  const { DefaultLogger, Runtime } = createRequire('${process.cwd()}/')('@temporalio/worker');
  const lines = [];
  const logger = new DefaultLogger('INFO', ({ message }) => lines.push(message));
  const own = Runtime.install({ logger, shutdownSignals: [] });
  const worker = await createWorker({ settings: readWorkerSettings(process.env), installRuntime: ${installRuntime} });
  // it ends with its last worker
  const kept = Runtime.instance() === own;
  const running = worker.run();
  worker.shutdown();
  await running;
  console.log(JSON.stringify({ own: kept, signals: process.listenerCount('SIGTERM'), lines }));
  process.exit(0);
`;

describe('A worker in a program that has a Runtime of the SDK already', () => {
  let ingestion: Ingestion;

  before(async () => {
    ingestion = await startIngestion();
  });
  after(() => ingestion.stop());

  const run = (installRuntime: boolean): Promise<{ code: number | null; stdout: string; stderr: string }> =>
    startProgram(process.execPath, ['--input-type=module', '-e', program(installRuntime)], {
      env: { ...process.env, ...ingestion.env },
    }).ended;

  it('leaves it alone when told so: its logger gets the lines of the workers, and signals stay with the program', async () => {
    const { code, stdout, stderr } = await run(false);
    expect(code, stderr).to.equal(0);
    const { own, signals, lines } = JSON.parse(stdout) as { own: boolean; signals: number; lines: string[] };
    expect({ own, signals }).to.deep.equal({ own: true, signals: 0 });
    expect(lines.join('\n')).to.contain('Worker state changed');
  });

  it('says so when it is not told: there is one a process', async () => {
    const { code, stderr } = await run(true);
    expect(code).not.to.equal(0);
    expect(stderr).to.contain('Runtime singleton has already been installed');
  });
});
