import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { findTemporal } from '../../src/client/temporal-server/index.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';

const run = promisify(execFile);

describe('Commands of docs/operations.md', () => {
  const commands = shellLines(readFileSync('docs/operations.md', 'utf8')).filter((line) =>
    line.startsWith('temporal ')
  );
  let ingestion: Ingestion;
  let env: NodeJS.ProcessEnv;

  before(async () => {
    ingestion = await startIngestion({ taskQueue: 'openmetadata-ingestion' });
    // the docs name the recipe by this path
    mkdirSync(join(ingestion.recipesDir, 'mysql'));
    copyFileSync('recipes/quickstart/metadata.yaml', join(ingestion.recipesDir, 'mysql', 'metadata.yaml'));
    await ingestion.startWorker();
    const { path } = await findTemporal();
    env = { ...process.env, ...ingestion.env, PATH: `${dirname(path)}${delimiter}${process.env['PATH'] ?? ''}` };
  });
  after(() => ingestion.stop());

  it('are start, query, result, cancel and the six of schedules', () => {
    expect(commands.map((line) => line.split(' ').slice(1, 3).join(' '))).to.deep.equal([
      'workflow start',
      'workflow query',
      'workflow result',
      'workflow cancel',
      'schedule create',
      'schedule trigger',
      'schedule toggle',
      'schedule backfill',
      'schedule describe',
      'schedule delete',
    ]);
  });

  for (const command of commands) {
    it(`work as typed: ${command.split(' ').slice(0, 3).join(' ')}`, async () => {
      const { stdout, stderr } = await run('bash', ['-c', command], { env, timeout: 60_000 }).catch(
        (error: unknown) => {
          throw new Error(`${command}\n${String(Reflect.get(Object(error), 'stderr'))}`);
        }
      );
      if (command.includes('workflow result')) expect(stdout).to.contain('quickstart_shop').and.to.contain('success');
      if (command.includes('workflow query')) expect(stdout).to.contain('stages');
      expect(stderr).not.to.match(/unknown flag|Error/);
    });
  }
});

/** Lines of the ```sh blocks. */
function shellLines(markdown: string): string[] {
  return [...markdown.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) => block.trim().split('\n'));
}
