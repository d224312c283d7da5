import { expect } from 'chai';
import { NO_COUNTS } from '../../../src/contract/part-report.js';
import type { Progress, StageProgress } from '../../../src/contract/progress.js';
import { progressMarkdown } from '../../../src/workflows/progress.js';

const stage = (name: string, changes: Partial<StageProgress> = {}): StageProgress => ({
  name,
  state: 'done',
  done: 2,
  total: 2,
  records: 4,
  failures: 0,
  startedAt: 0,
  changedAt: 2_000,
  ...changes,
});
const READ = { ...NO_COUNTS, records: 15 };
const progress = (changes: Partial<Progress> = {}): Progress => ({
  state: 'running',
  pipelineRunId: 'run',
  startedAt: 0,
  stages: [],
  steps: { source: READ, sink: { ...NO_COUNTS, records: 11 } },
  ...changes,
});

describe("A run's current details", () => {
  it('are a sum and a table with the stage under way on top, where the Temporal UI shows it', () => {
    const publish = stage('publish', { state: 'running', done: 1, records: 6_000, changedAt: 4_000 });
    expect(
      progressMarkdown(progress({ service: 'shop', stages: [stage('extract'), publish] })).split('\n')
    ).to.deep.equal([
      '**running** · `shop` · 15 read, 11 written',
      '',
      '| stage | state | units | records | rate | failures |',
      '| --- | --- | ---: | ---: | ---: | ---: |',
      '| publish | running | 1 / 2 | 6000 | 1500 /s | 0 |',
      '| extract | done | 2 / 2 | 4 | 2.0 /s | 0 |',
      '',
      '\u00a0',
    ]);
  });

  it('name what was unchanged and what failed where there is any', () => {
    const sink = { ...NO_COUNTS, records: 1, unchanged: 12, errors: 2 };
    expect(progressMarkdown(progress({ service: 'shop', state: 'closed', steps: { source: READ, sink } }))).to.equal(
      '**closed** · `shop` · 15 read, 1 written, 12 unchanged, 2 failures'
    );
  });

  it('say before anything is read that the run is being prepared', () => {
    const fresh = { state: 'preparing', steps: {} } as const;
    expect(progressMarkdown(progress(fresh))).to.equal('**preparing** · 0 read, 0 written');
  });
});
