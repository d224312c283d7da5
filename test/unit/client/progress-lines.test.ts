import { expect } from 'chai';
import { LinesView } from '../../../src/client/cli/progress-lines.js';
import { elapsedText, rateText, remainingText } from '../../../src/client/cli/stage-text.js';
import type { Progress, StageProgress } from '../../../src/contract/progress.js';

describe('Progress in plain lines', () => {
  let now: number;
  let lines: string[];
  let view: LinesView;

  beforeEach(() => {
    now = 0;
    lines = [];
    view = new LinesView({ err: (line) => lines.push(line.trim().replaceAll(/ +/g, ' ')) }, () => now);
  });

  const extract = {
    name: 'extract',
    state: 'running',
    done: 0,
    total: 4,
    records: 0,
    failures: 0,
    startedAt: 0,
    changedAt: 0,
  } as const;
  const show = (stage: Partial<StageProgress>): void => view.show(progressOf({ ...extract, ...stage }));

  it('says a stage when it starts and when it ends', () => {
    show({});
    show({ state: 'done', done: 4, records: 1204 });
    expect(lines).to.deep.equal(['extract running 0/4 0 records', 'extract done 4/4 1,204 records']);
  });

  it('repeats a stage that goes on every ten seconds, and only when something changed', () => {
    show({});
    now = 9_000;
    show({ done: 1 });
    now = 10_000;
    show({ done: 2 });
    now = 30_000;
    show({ done: 2 });
    expect(lines).to.deep.equal(['extract running 0/4 0 records', 'extract running 2/4 0 records']);
  });

  it('counts failures and leaves out what waits', () => {
    show({ state: 'waiting' });
    show({ state: 'done', done: 4, failures: 2 });
    expect(lines).to.deep.equal(['extract done 4/4 0 records 2 failures']);
  });
});

describe('Texts of a progress bar', () => {
  it('tell the rate once there is something to divide', () => {
    expect([rateText(0, 5_000), rateText(10, 100), rateText(3, 2_000), rateText(12_000, 4_000)]).to.deep.equal([
      '',
      '',
      '1.5/s',
      '3,000/s',
    ]);
  });

  it('tell the time left in seconds, then in minutes', () => {
    expect([
      remainingText(0, 4, 9_000),
      remainingText(1, 4, 4_000),
      remainingText(1, 100, 10_000),
      remainingText(4, 4, 9_000),
    ]).to.deep.equal(['', 'about 12 s left', 'about 17 min left', '']);
  });

  it('tell the time that passed after the first second', () => {
    expect([elapsedText(400), elapsedText(12_700)]).to.deep.equal(['', '12 s']);
  });
});

function progressOf(stage: StageProgress): Progress {
  return { state: 'running', pipelineRunId: 'run', startedAt: 0, stages: [stage], steps: {} };
}
