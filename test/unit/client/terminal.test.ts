import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { errorText } from '../../../src/client/cli/error-text.js';
import { createProgressView } from '../../../src/client/cli/create-progress-view.js';
import { processTerminal, type Output } from '../../../src/client/cli/terminal.js';
import type { Progress, StageProgress } from '../../../src/contract/progress.js';
import { PermanentError, RecipeError } from '../../../src/errors/index.js';

/** stdout and stderr of a process; what was written can be read. A screen is 100 columns wide. */
class Screen {
  readonly stdout: Output;
  readonly stderr: Output;
  text = '';

  constructor(screens: { stdout: boolean; stderr: boolean }) {
    this.stdout = this.#stream(screens.stdout);
    this.stderr = this.#stream(screens.stderr);
  }

  #stream(isTTY: boolean): Output {
    const stream = new PassThrough();
    stream.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
    return Object.assign(stream, { isTTY, columns: 100, rows: 40 });
  }
}

const BOTH = { stdout: true, stderr: true };
const NEITHER = { stdout: false, stderr: false };
const COLOR = '\u001b[36m';

const stage = (changes: Partial<StageProgress>): StageProgress => ({
  name: 'extract',
  state: 'running',
  done: 1,
  total: 4,
  records: 1_204,
  failures: 0,
  startedAt: Date.now() - 10_000,
  changedAt: Date.now(),
  ...changes,
});
const progress = (...stages: StageProgress[]): Progress => ({
  state: 'running',
  pipelineRunId: 'run',
  startedAt: 0,
  stages,
  steps: {},
});

/** What a user sees of a run under way with such an environment. */
async function shown(screens: typeof BOTH, env: NodeJS.ProcessEnv, quiet = false): Promise<string> {
  const screen = new Screen(screens);
  const view = createProgressView(processTerminal(env, screen), quiet);
  const done = stage({ name: 'scopes', state: 'done', done: 2, total: 2, records: 8, failures: 1 });
  view.show(progress(done, stage({})));
  view.close();
  await sleep(0);
  return screen.text;
}

describe('Progress on a terminal', () => {
  it('is a bar for each stage, with units, records, rate and the time left', async () => {
    const text = await shown(BOTH, {});
    expect(text)
      .to.contain('█'.repeat(24))
      .and.to.contain(`${'█'.repeat(6)}${'░'.repeat(18)}`);
    expect(text).to.match(/1\/4 +1,204 records +\d+\/s +about \d+ s left/);
    expect(text).to.contain('1 failure');
    expect(text).to.contain(COLOR);
  });

  it('has no colour by NO_COLOR, and keeps its bars', async () => {
    const text = await shown(BOTH, { NO_COLOR: '1' });
    expect(text).to.contain('█'.repeat(6)).and.not.to.contain(COLOR);
  });

  for (const [where, screens, env] of [
    ['in a pipe or a file', NEITHER, {}],
    ['in CI', BOTH, { CI: 'true' }],
    ['on a dumb terminal', BOTH, { TERM: 'dumb' }],
  ] as const)
    it(`is plain lines ${where}`, async () => {
      const lines = (await shown(screens, env)).trimEnd().split('\n');
      expect(lines).to.have.length(2);
      expect(lines[1]).to.match(/^extract +running +1\/4 +1,204 records$/);
    });

  it('is nothing when quiet', async () => expect(await shown(BOTH, {}, true)).to.equal(''));
});

describe('Colours of results', () => {
  const painted = (screens: typeof BOTH, env: NodeJS.ProcessEnv): string =>
    processTerminal(env, new Screen(screens)).resultColors.cyan('x');

  it('are there on a screen, or by FORCE_COLOR', () => {
    expect(painted(BOTH, {})).to.contain(COLOR);
    expect(painted(NEITHER, { FORCE_COLOR: '1' })).to.contain(COLOR);
  });

  it('are not in a pipe, although progress is on a screen', () =>
    expect(painted({ stdout: false, stderr: true }, {})).to.equal('x'));
});

describe('A name of a source that would command a terminal', () => {
  const NAME =
    'orders\u001b]0;owned\u0007\u001b[2J\u001b[31mred\u001b[8m\u009b1A\r\u0008\u202egnp\u2028\u2029\u200b\u200d\u2060\ufeff\u{e0041}\u3164';
  // eslint-disable-next-line no-control-regex -- these are what it is about
  const HARMFUL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|[\u2028-\u202e\u200b-\u200f\u2060\ufeff\u3164]|\u{e0041}/u;

  it('is shown, in results and in notices, as what it is, without colours of its own', () => {
    const screen = new Screen(BOTH);
    const terminal = processTerminal({}, screen);
    terminal.out(`${NAME}\tx`, terminal.resultColors.cyan('ok'));
    terminal.err(NAME);
    terminal.outText(NAME);
    terminal.errText(NAME);
    terminal.out(JSON.stringify({ name: NAME }));
    expect(screen.text).to.contain(COLOR).and.contain('orders\\u001b]0;owned\\u0007\\u001b[2J\\u001b[31mred');
    expect(screen.text.replace('\u001b[36mok\u001b[39m ', '')).not.to.match(HARMFUL);
    expect((JSON.parse(screen.text.trim().split('\n').at(-1) ?? '') as { name: string }).name).to.equal(NAME);
  });

  it('is shown so in the progress', () => {
    const screen = new Screen(BOTH);
    const view = createProgressView(processTerminal({}, screen), false);
    view.show({
      state: 'running',
      pipelineRunId: 'r',
      startedAt: 0,
      stages: [stage({ name: `wait for ${NAME}` })],
      steps: {},
    });
    view.note(NAME);
    view.close();
    expect(screen.text).not.to.contain('\u001b]0;').and.not.to.contain('\u009b').and.not.to.contain('\u001b[31m');
  });

  it('begins no line of its own', () => {
    const screen = new Screen(NEITHER);
    const terminal = processTerminal({}, screen);
    terminal.out('gone\nok    forged', 'FAIL');
    terminal.err('gone\nok    forged');
    terminal.errText(errorText(new PermanentError('You have an error\nok    forged', { remedy: 'Ask\nok    forged' })));
    terminal.errText(errorText(new Error('read\nok    forged'), { DEBUG: '1' }));
    expect(screen.text).to.contain('FAIL gone\\nok').and.contain('You have an error\\nok').and.contain('read\n  ok');
    expect(screen.text).not.to.match(/^ok/m);
  });
});

describe('An error with lines of its own', () => {
  it('keeps them, and none of them is a recipe value', () => {
    const problems = [
      { path: 'source.type', message: 'is "x\nok    forged"' },
      { path: 'source\nok    forged', message: 'is not known' },
    ];
    expect(errorText(new RecipeError(problems, 'a.yaml'), {}).split('\n')).to.deep.equal([
      'a.yaml: source.type: is "x\\nok    forged"',
      'a.yaml: source\\nok    forged: is not known',
    ]);
  });
});
