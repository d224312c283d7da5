import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { readRecipe } from '../../src/recipe/index.js';
import { hasPort } from '../services/fixed-port.js';
import { hasMariadb, startMariadb, type TestMariadb } from '../services/mariadb.js';
import { startTemporal, type TestTemporal } from '../services/temporal.js';

const README = readFileSync('README.md', 'utf8');
const CATALOG_PORT = 8585;
const TEMPORAL_PORT = 7233;

describe('The README', () => {
  it('names commands that package.json has', () => {
    const scripts = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync('package.json', 'utf8'))).scripts;
    const named = [...README.matchAll(/npm (?:run )?([a-z:]+)/g)].map(([, name = '']) => name);
    for (const name of named.filter((each) => !['ci', 'pack', 'install'].includes(each)))
      expect(scripts).to.have.property(name);
  });

  it('shows a recipe that can be run', () => {
    const text = blockAfter('## A recipe', 'yaml');
    const { recipe } = readRecipe(
      { text, origin: 'README.md' },
      { environment: { MYSQL_PASSWORD: 'x', OM_JWT_TOKEN: 'x.y.z' } }
    );
    expect(recipe.kind).to.equal('metadata');
  });

  describe('on a database of yours', () => {
    const folder = mkdtempSync(join(tmpdir(), 'om-readme-'));
    let mariadb: TestMariadb;
    let temporal: TestTemporal;

    before(async function () {
      this.timeout(120_000);
      // the commands name the usual ports of the catalog and of Temporal
      if (!hasMariadb() || !(await hasPort(CATALOG_PORT)) || !(await hasPort(TEMPORAL_PORT))) return this.skip();
      temporal = await startTemporal({ preferredPorts: { grpc: TEMPORAL_PORT } });
      mariadb = await startMariadb();
      await mariadb.run('CREATE DATABASE shop; CREATE TABLE shop.orders (id INT PRIMARY KEY)');
      const bin = join(process.cwd(), 'dist/src/client/cli/main.js');
      chmodSync(bin, 0o755);
      mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true });
      symlinkSync(bin, join(folder, 'node_modules', '.bin', 'om-ingest'));
      symlinkSync(join(process.cwd(), 'recipes'), join(folder, 'recipes'));
    });
    after(async () => {
      await mariadb?.stop();
      await temporal?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it('brings its tables into the catalog by the lines as they stand, and again by a worker that stands by', async () => {
      const [install, ...once] = blockAfter('## A database of yours', 'sh').trim().split('\n');
      // the clone is installed and built already; doing it again would take the ground from under this very test
      expect(install).to.equal('npm ci && npm run build');
      const daily = blockAfter('For daily work', 'sh');
      const env = { MYSQL_HOST_PORT: mariadb.hostPort, MYSQL_USER: mariadb.user, MYSQL_PASSWORD: mariadb.password };
      const { code, output } = await runScript(`${once.join('\n')}\n${daily}`, folder, env);
      expect(code, output).to.equal(0);
      expect(output).to.match(/ok +token/);
      expect(output).to.match(/ok +connection/);
      expect(output.match(/metadataWorkflow of mysql: success/g)).to.have.length(2);
    });
  });
});

/** The first fenced block of a language behind a heading, or behind the start of a sentence. */
function blockAfter(heading: string, language: string): string {
  const rest = README.slice(README.indexOf(`\n${heading}`));
  const block = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(rest)?.[1];
  if (block === undefined) throw new Error(`README.md has no ${language} block behind "${heading}"`);
  return block;
}

/** Runs lines as a shell would, each of which has to succeed; what they leave in the background is ended afterwards. */
function runScript(
  script: string,
  cwd: string,
  variables: Record<string, string>
): Promise<{ code: number | null; output: string }> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(TEMPORAL_|OM_|MYSQL_)/.test(name));
  const env = { ...Object.fromEntries(inherited), ...variables };
  const child = spawn('bash', ['-e', '-c', script], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      if (child.pid !== undefined) {
        try {
          process.kill(-child.pid, 'SIGTERM');
        } catch {
          // nothing was left in the background
        }
      }
      resolve({ code, output });
    });
  });
}
