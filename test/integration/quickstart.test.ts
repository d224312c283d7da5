import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';

const SCRIPT = join(process.cwd(), 'dist/src/client/quickstart/quickstart.js');

describe('The quickstart', () => {
  const folder = mkdtempSync(join(tmpdir(), 'om-quickstart-'));
  before(() => symlinkSync(join(process.cwd(), 'recipes'), join(folder, 'recipes')));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('runs the shop into the catalog, says that its failed test is meant to, and leaves by --exit without addresses that are gone', async () => {
    const { code, output } = await ended(start(folder, '--exit'));
    expect(code, output).to.equal(0);
    expect(output).to.match(/metadataWorkflow of quickstart_shop: success/);
    expect(output).to.match(/lineageWorkflow of quickstart_shop: success/);
    expect(output).to.match(/profilerWorkflow of quickstart_shop: success/);
    expect(output).to.match(/testSuiteWorkflow of quickstart_shop: success/);
    expect(output).to.contain('Tests: 5 passed, 1 failed').and.to.contain('the one failed test is meant to');
    expect(output)
      .to.contain('.om-ingest/quickstart; without --exit')
      .and.not.to.match(/^(Temporal UI|Catalog) /m);
  });

  it('finds everything unchanged at the second start, stays up, and stops on Ctrl-C', async () => {
    const child = start(folder);
    const finished = ended(child);
    const shown = await until(child, 'stays up until Ctrl-C', 'Catalog  ');
    expect(shown).to.match(/Temporal UI +http:\/\/127\.0\.0\.1:\d+/);
    const table = /│ OpenMetadata │ +\d+ │ +(\d+) │/.exec(shown)?.[1];
    expect(Number(table), shown).to.be.greaterThan(10);
    const catalog = /Catalog +(http:\S+)/.exec(shown)?.[1] ?? '';
    expect(await (await fetch(catalog)).text()).to.contain('quickstart_shop');
    child.kill('SIGINT');
    const { code } = await finished;
    expect(code).to.equal(0);
    expect(
      await fetch(catalog).then(
        () => 'there',
        () => 'gone'
      )
    ).to.equal('gone');
  });

  it('knows no other flag', async () => {
    const { code, output } = await ended(start(folder, '--fast'));
    expect(code).to.equal(2);
    expect(output).to.contain('--fast');
  });
});

function start(cwd: string, ...args: string[]): ChildProcess {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(TEMPORAL_|OM_)/.test(name)));
  return spawn(process.execPath, [SCRIPT, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Waits until all texts were printed, to stdout or stderr. */
function until(child: ChildProcess, ...texts: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const take = (chunk: Buffer): void => {
      output += chunk.toString();
      if (texts.every((text) => output.includes(text))) resolve(output);
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.once('close', () => reject(new Error(`ended before ${texts.join(', ')}: ${output}`)));
  });
}

function ended(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('close', (code) => resolve({ code, output }));
  });
}
