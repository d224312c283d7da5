import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { readRecipe } from '../../src/recipe/index.js';
import { hasPort } from '../services/fixed-port.js';
import { hasMariadb, startMariadb, type TestMariadb } from '../services/mariadb.js';
import { mariadbEnvironment } from '../services/mariadb-environment.js';

const README = readFileSync('README.md', 'utf8');
const CATALOG_PORT = 8585;
const TEMPORAL_PORT = 7233;
const UI_PORT = 8233;
/** The first line as well: `npm ci` and a build of their own. */
const INSTALLS = process.env['CI'] === 'true';
const NOT_CLONED = ['.git', 'node_modules', 'dist', 'coverage', '.om-ingest'];

describe('The README', () => {
  it('names commands that package.json has', () => {
    const scripts = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync('package.json', 'utf8'))).scripts;
    const pages = README + readFileSync('CONTRIBUTING.md', 'utf8');
    const named = [...pages.matchAll(/npm (?:run )?(test\b|(?<=run )[a-z\d]+)(:[a-z\d]+)?(?![:a-z\d])/g)];
    expect(named).to.have.length.above(5);
    for (const [, name = '', rest = ''] of named) expect(scripts).to.have.property(`${name}${rest}`);
  });

  it('shows a recipe that can be run', () => {
    const text = blockAfter('## A recipe', 'yaml');
    const { recipe } = readRecipe(
      { text, origin: 'README.md' },
      { environment: { MYSQL_PASSWORD: 'x', OM_JWT_TOKEN: 'x.y.z' } }
    );
    expect(recipe.kind).to.equal('metadata');
  });

  describe('from a clone to a scheduled recipe, on a database of yours', () => {
    const folder = mkdtempSync(join(tmpdir(), 'om-readme-'));
    let mariadb: TestMariadb;

    before(async function () {
      this.timeout(240_000);
      // the lines name the usual ports
      for (const port of [CATALOG_PORT, TEMPORAL_PORT, UI_PORT])
        if (!hasMariadb() || !(await hasPort(port))) return this.skip();
      mariadb = await startMariadb();
      await mariadb.run('CREATE DATABASE shop; CREATE TABLE shop.orders (id INT PRIMARY KEY)');
      // what a clone has; and what its first line makes, which `npm test` has made here already: a minute that only CI
      // takes again
      cpSync(process.cwd(), folder, { recursive: true, filter: (path) => !NOT_CLONED.includes(basename(path)) });
      if (!INSTALLS) for (const name of ['node_modules', 'dist']) symlinkSync(resolve(name), join(folder, name));
    });
    after(async () => {
      await mariadb?.stop();
      // what was ended may still write
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 500 });
    });

    it('leads by its lines as they stand, in their order, and no others', async function () {
      this.timeout(900_000);
      const walk = [...README.matchAll(/^<!-- the walk.*-->\n\n```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block);
      expect(walk).to.have.length(3);
      const env = mariadbEnvironment(mariadb);
      const [install, ...lines] = walk.join('\n').split('\n');
      expect(install).to.equal('npm ci && npm run build');
      const script = INSTALLS ? [install, ...lines] : lines;
      const { code, output } = await runScript(script.join('\n'), folder, env);
      expect(code, output).to.equal(0);
      expect(output).to.match(/ok +token/);
      expect(output).to.match(/ok +connection/);
      // by itself, by a worker that stands by, by the schedule
      expect(output.match(/metadataWorkflow of mysql: success/g), output).to.have.length(3);
      expect(output).to.match(/om-mysql\.metadata created: 0 3 \* \* \* Europe\/Berlin/);
      const shown = output.slice(output.lastIndexOf('metadataWorkflow of mysql: success'));
      expect(shown)
        .to.match(/next +\d{4}-/)
        .and.to.match(/om-mysql\.metadata-\d{4}-/);
    });
  });
});

/** The first fenced block of a language after a heading. */
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
  const inherited = Object.entries(process.env).filter(([name]) => !/^(TEMPORAL_|OM_|MYSQL_|npm_)/.test(name));
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
