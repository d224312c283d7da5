import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { blocksOf } from '../services/docs.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';
import { startProgram, type Program } from '../services/program.js';

const run = promisify(execFile);

/** Installing 300 packages from the registry takes half a minute, more on a busy machine. */
const INSTALL_TIMEOUT_MS = 300_000;

/** A consumer's project as strict as can be; `skipLibCheck: false` also checks the package's declarations. */
const TSCONFIG = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023', 'esnext.disposable'],
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    outDir: 'out',
    rootDir: 'src',
    types: ['node'],
    typeRoots: [join(process.cwd(), 'node_modules/@types')],
  },
  include: ['src'],
};

/** The blocks of docs/code.md in their order, and what each prints. */
const PRINTS: Readonly<Record<string, RegExp>> = {
  'A run in five steps': /metadataWorkflow of shop: success/,
  'Inside this process': /^success SQLite \d+, /m,
  'Start and follow runs': /^nightly .*\nsuccess 100$/m,
  'Start and follow runs 2': /^RUNNING\n(RunStoppedError|success)$/m,
  Schedules: /^om-shop\.metadata created\nsuccess\n/,
  'Without this package': /service: 'shop'/,
};

describe('The package, packed and installed in an empty project', () => {
  const folder = mkdtempSync(join(tmpdir(), 'om-packed-'));
  const code = blocksOf('docs/code.md', 'ts');
  let ingestion: Ingestion;
  let env: NodeJS.ProcessEnv;

  before(async function () {
    this.timeout(INSTALL_TIMEOUT_MS);
    ingestion = await startIngestion({ taskQueue: 'openmetadata-ingestion' });
    env = { ...process.env, ...ingestion.env };
    const [pack = '', install = ''] = blocksOf('docs/code.md', 'sh')[0]?.lines ?? [];
    // built already: building again would take the ground from under the other tests
    await run('bash', ['-c', `${pack} --ignore-scripts --pack-destination ${folder}`]);
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module' }));
    await run('bash', ['-c', `${install} --no-audit --no-fund`], { cwd: folder });
    mkdirSync(join(folder, 'recipes/mysql'), { recursive: true });
    cpSync(join(ingestion.recipesDir, 'mysql/metadata.yaml'), join(folder, 'recipes/mysql/metadata.yaml'));
  });
  after(async function () {
    this.timeout(INSTALL_TIMEOUT_MS);
    await ingestion?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has the command om-ingest', async () => {
    const { stdout } = await run('npx', ['om-ingest', '--version'], { cwd: folder });
    expect(stdout).to.match(/^\d+\.\d+\.\d+\n$/);
  });

  it('brings the workflow bundle and a server and worker of its own', async () => {
    expect(readdirSync(join(folder, 'node_modules/openmetadata-temporal-ingestion/dist/src'))).to.include(
      'workflow-bundle.js'
    );
    const recipe = join(ingestion.recipesDir, 'shop.yaml');
    const { stdout } = await run('npx', ['om-ingest', 'run', recipe, '--local', '--quiet'], { cwd: folder, env });
    expect(stdout).to.contain('metadataWorkflow of quickstart_shop: success');
  });

  it('shares the SDK of its project, and runs with a later patch of it than the one that made the bundle', async function () {
    // the worker bundles at its start
    this.timeout(INSTALL_TIMEOUT_MS);
    expect(readdirSync(join(folder, 'node_modules/openmetadata-temporal-ingestion'))).not.to.include('node_modules');
    const manifest = join(folder, 'node_modules/@temporalio/worker/package.json');
    const text = readFileSync(manifest, 'utf8');
    // no later one is there to be installed: this one says that it is
    writeFileSync(manifest, text.replace(/"version": "(\d+\.\d+)\.\d+"/, '"version": "$1.999"'));
    try {
      const recipe = join(ingestion.recipesDir, 'shop.yaml');
      const { stdout } = await run('npx', ['om-ingest', 'run', recipe, '--local', '--quiet'], { cwd: folder, env });
      expect(stdout).to.contain('metadataWorkflow of quickstart_shop: success');
    } finally {
      writeFileSync(manifest, text);
    }
  });

  it('has no source map without its source, and every page that its README links to', () => {
    const home = join(folder, 'node_modules/openmetadata-temporal-ingestion');
    const map: unknown = JSON.parse(readFileSync(join(home, 'dist/src/index.js.map'), 'utf8'));
    expect(map).to.have.property('sourcesContent').with.length(1);
    const links = [...readFileSync(join(home, 'README.md'), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)];
    expect(links.length).to.be.above(5);
    expect(links.map(([, link = '']) => link).filter((link) => !existsSync(join(home, link)))).to.deep.equal([]);
  });

  describe('runs the code of docs/code.md as it stands', () => {
    let worker: Program;

    before(async function () {
      this.timeout(INSTALL_TIMEOUT_MS);
      mkdirSync(join(folder, 'src'));
      for (const { name, text } of code) writeFileSync(join(folder, 'src', fileOf(name, 'ts')), text);
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
      const tsc = join(process.cwd(), 'node_modules/typescript/bin/tsc');
      // its complaints stand on stdout, the first line of each with the file; those about other packages' declarations
      // are theirs to mend
      const complaints = await run(process.execPath, [tsc, '-p', '.'], { cwd: folder }).then(
        () => '',
        (error: unknown) => String(Reflect.get(Object(error), 'stdout'))
      );
      const ours = complaints
        .split('\n')
        .filter((line) => /^(src|node_modules\/openmetadata-temporal-ingestion)\//.test(line));
      expect(ours, complaints).to.deep.equal([]);
      worker = startProgram(process.execPath, [out('A worker of your own')], { cwd: folder, env });
      await worker.until('worker is ready');
    });

    const out = (name: string): string => join('out', fileOf(name, 'js'));

    it('all of it', () => {
      expect(code.map(({ name }) => name)).to.have.members([...Object.keys(PRINTS), 'A worker of your own']);
      expect(blocksOf('README.md', 'ts')[0]?.text).to.equal(code[0]?.text);
    });

    for (const { name } of code.filter((block) => block.name !== 'A worker of your own')) {
      it(name, async () => {
        const { stdout, stderr } = await run(process.execPath, [out(name)], { cwd: folder, env, timeout: 60_000 });
        expect(stdout, stderr).to.match(PRINTS[name] ?? /no such block/);
      });
    }

    it('A worker of your own, which ends on SIGTERM', async () => {
      worker.child.kill('SIGTERM');
      expect(await worker.ended).to.include({ code: 0 });
    });
  });
});

function fileOf(name: string, extension: string): string {
  return `${name.toLowerCase().replaceAll(' ', '-')}.${extension}`;
}
