import { expect } from 'chai';
import {
  INLINE_FAILURES,
  NO_PART,
  PartRecorder,
  exitCode,
  makeReport,
  mergeParts,
  printReport,
  successPercent,
  toPipelineStatus,
  trimPart,
  NO_COUNTS,
  countsOf,
  reportSteps,
  type PartReport,
  type RunReport,
} from '../../../src/report/index.js';
import { registerSecret } from '../../../src/secrets/index.js';

const INPUT = {
  workflow: 'metadataWorkflow',
  service: 'shop',
  pipelineRunId: 'run-1',
  ingestionPipelineFQN: 'shop.metadata',
  steps: reportSteps('metadata', 'Mysql'),
  startedAt: 1_000,
  finishedAt: 3_500,
  successThreshold: 90,
  raiseOnError: true,
};

function partOf(source: [records: number, errors: number], sink: [records: number, errors: number]): PartReport {
  const recorder = new PartRecorder();
  recorder.count('source', { records: source[0] });
  for (let n = 0; n < source[1]; n += 1) recorder.failure('source', `shop.d.s.t${n}`, 'unreadable');
  recorder.count('sink', { records: sink[0] });
  for (let n = 0; n < sink[1]; n += 1) recorder.failure('sink', `shop.d.s.t${n}`, 'refused');
  return recorder.take();
}

const report = (part: PartReport, more: object = {}): RunReport => makeReport({ ...INPUT, part, ...more });

describe('The report of a run', () => {
  const states: [name: string, part: PartReport, more: object, state: string, percent: number, exit: number][] = [
    ['nothing was there', NO_PART, {}, 'success', 100, 0],
    ['all went well', partOf([10, 0], [10, 0]), {}, 'success', 100, 0],
    ['one of a hundred failed', partOf([99, 1], [100, 0]), {}, 'partialSuccess', 99.5, 1],
    ['one step is exactly at the threshold', partOf([9, 1], [10, 0]), {}, 'partialSuccess', 95, 1],
    ['one step is below the threshold though the mean is above', partOf([8, 2], [100, 0]), {}, 'failed', 90, 2],
    ['a step is below 100 % with threshold 100', partOf([99, 1], [1, 0]), { successThreshold: 100 }, 'failed', 99.5, 2],
    [
      'everything failed but the threshold is 0',
      partOf([0, 5], [0, 0]),
      { successThreshold: 0 },
      'partialSuccess',
      58.34,
      1,
    ],
    ['an error ended it', partOf([10, 0], [10, 0]), { error: 'gone' }, 'failed', 100, 2],
    ['it was cancelled', partOf([10, 0], [2, 0]), { error: 'cancelled', stopped: true }, 'stopped', 100, 2],
  ];
  for (const [name, part, more, state, percent, exit] of states) {
    it('gives no exit code to failures of records when the recipe says raiseOnError: false, but does to what ended the run', () => {
      const failures = report(partOf([1, 9], [1, 0]), { raiseOnError: false });
      expect(failures.state).to.equal('failed');
      expect(exitCode(failures)).to.equal(0);
      const ended = report(partOf([1, 9], [1, 0]), { raiseOnError: false, error: 'the source is gone' });
      expect(exitCode(ended)).to.equal(2);
    });

    it(`says ${state} and ${percent} % when ${name}`, () => {
      const made = report(part, more);
      expect([made.state, made.successPercent, exitCode(made)]).to.deep.equal([state, percent, exit]);
    });
  }

  it('counts warnings for the exit code only when asked to', () => {
    const recorder = new PartRecorder();
    recorder.warning('source', 'an old spelling');
    const made = report(recorder.take());
    expect([exitCode(made), exitCode(made, true)]).to.deep.equal([0, 1]);
  });

  it('counts unchanged entities as successes', () => {
    expect(successPercent({ ...NO_COUNTS, unchanged: 3, errors: 1 })).to.equal(75);
    expect(successPercent({ ...NO_COUNTS, errors: 0 })).to.equal(100);
  });

  it('keeps a hundred failures of a step and counts them all', () => {
    const made = report(partOf([0, 250], [0, 0]), { successThreshold: 0 });
    expect(made.steps[0]?.failures).to.have.length(INLINE_FAILURES);
    expect(made.steps[0]?.errors).to.equal(250);
  });

  it('stays below 64 KiB with a hundred long failures and notes of each step', () => {
    const recorder = new PartRecorder();
    for (let n = 0; n < 150; n += 1) {
      recorder.failure('source', `shop.d.s.${'ü'.repeat(400)}${n}`, 'é'.repeat(2_000));
      recorder.failure('sink', `shop.d.s.${'ü'.repeat(400)}${n}`, 'é'.repeat(2_000));
      recorder.warning('sink', `${n} ${'ß'.repeat(2_000)}`);
    }
    const made = report(recorder.take());
    expect(Buffer.byteLength(JSON.stringify(made))).to.be.at.most(64 * 1024);
    expect(made.steps.map((step) => step.errors)).to.deep.equal([150, 150]);
    for (const step of made.steps) expect(step.failures.length).to.be.at.least(10);
  });

  it('is made of its parts in any grouping', () => {
    const parts = [partOf([1, 1], [2, 0]), partOf([3, 0], [4, 2]), partOf([0, 0], [5, 0])];
    const [a = NO_PART, b = NO_PART, c = NO_PART] = parts;
    expect(mergeParts(mergeParts(a, b), c)).to.deep.equal(mergeParts(a, mergeParts(b, c)));
    expect(countsOf(mergeParts(mergeParts(a, b), c), 'source')).to.include({ records: 4, errors: 1 });
  });

  it('says each note once', () => {
    const recorder = new PartRecorder();
    recorder.note('the same');
    recorder.note('the same');
    expect(recorder.take().notes).to.deep.equal(['the same']);
  });

  it('keeps counts when the inline failures of a result are trimmed', () => {
    const trimmed = trimPart(partOf([1, 9], [0, 8]), 3);
    const steps = [trimmed.steps.source, trimmed.steps.sink];
    expect(steps.map((step) => step?.failures.length)).to.deep.equal([3, 3]);
    expect(steps.map((step) => step?.counts.errors)).to.deep.equal([9, 8]);
  });
});

describe('The recorder of a stage', () => {
  it('hands over what came since the last time', () => {
    const recorder = new PartRecorder();
    recorder.count('source', { records: 2 });
    expect(countsOf(recorder.take(), 'source').records).to.equal(2);
    expect(recorder.take()).to.deep.equal(NO_PART);
  });

  it('masks secrets before it shortens, in failures, warnings and their log lines', () => {
    registerSecret('hunter2-of-the-report');
    const logged: string[] = [];
    const recorder = new PartRecorder((_level, text, entity) => logged.push(text, entity ?? ''));
    const straddling = `${'x'.repeat(490)} hunter2-of-the-report`;
    recorder.failure('source', 'at hunter2-of-the-report', straddling);
    recorder.warning('sink', straddling);
    const text = JSON.stringify([recorder.take(), logged]);
    expect(text).to.include('***').and.not.include('hunter2');
  });
});

describe('The printed report', () => {
  it('shows steps, the first ten failures of how many, notes and one closing line', () => {
    const recorder = new PartRecorder();
    recorder.note('Two keys were left out.');
    const text = printReport(report(mergeParts(partOf([88, 12], [88, 0]), recorder.take()), { successThreshold: 50 }));
    expect(text)
      .to.match(/│ Mysql\s+│\s+88 │/)
      .and.match(/│ OpenMetadata\s+│\s+88 │/);
    expect(text).to.include('The first 10 of 12 failures:').and.include('shop.d.s.t9').and.not.include('shop.d.s.t10');
    expect(text).to.include('Notes:\n  - Two keys were left out.');
    expect(text.endsWith('metadataWorkflow of shop: partialSuccess, 94 % success, 2.5 s')).to.equal(true);
  });

  it('names what ended the run', () => {
    expect(printReport(report(NO_PART, { error: 'The password is wrong.' }))).to.include(
      'Ended by: The password is wrong.'
    );
  });

  it('says nothing of the success of what an error ended', () => {
    const text = printReport(report(NO_PART, { error: 'The file is no CSV.' }));
    expect(text)
      .to.match(/metadataWorkflow of shop: failed, 2\.5 s$/)
      .and.not.to.include(' 100 ');
    expect(printReport(report(NO_PART))).to.include(' 100 ');
  });

  it('has no table of failures when there is none', () => {
    expect(printReport(report(NO_PART))).not.to.include('Failures:');
  });
});

describe('The pipeline status of a run', () => {
  it('carries ids, times in milliseconds and one summary a step', () => {
    const status = toPipelineStatus(report(partOf([3, 0], [2, 1]), { successThreshold: 50 }), { workflowId: 'om-x' });
    expect(status).to.deep.include({
      runId: 'run-1',
      pipelineState: 'partialSuccess',
      startDate: 1_000,
      timestamp: 1_000,
      endDate: 3_500,
      metadata: { workflowId: 'om-x' },
    });
    expect(status.status?.[1]).to.deep.include({
      name: 'OpenMetadata',
      records: 2,
      errors: 1,
      failures: [{ name: 'shop.d.s.t0', error: 'refused' }],
    });
  });

  it('counts unchanged entities among the records and sends ten failures at most', () => {
    const recorder = new PartRecorder();
    recorder.count('sink', { unchanged: 7 });
    const part = mergeParts(partOf([0, 40], [0, 0]), recorder.take());
    const status = toPipelineStatus(report(part, { error: 'cut off' }), {});
    expect(status.status?.[1]?.records).to.equal(7);
    expect(status.status?.[0]?.failures).to.have.length(10);
    expect(status.metadata).to.deep.equal({ error: 'cut off' });
  });
});

describe('A printed report of hostile names and errors', () => {
  it('has no line and no colour that they wrote', () => {
    const EVIL = 'x\u001b[31m\nmetadataWorkflow of shop: success';
    const recorder = new PartRecorder();
    for (let n = 0; n < 20; n += 1) recorder.failure('source', EVIL, EVIL);
    recorder.note(EVIL);
    const text = printReport(report(recorder.take(), { service: EVIL, error: `two lines\n${EVIL}` }));
    expect(text).to.contain('Ended by: two lines\n          x\\u001b[31m\n          metadataWorkflow');
    // eslint-disable-next-line no-control-regex -- it is what it is about
    expect(text).not.to.match(/\u001b|^metadataWorkflow of shop: success/m);
  });
});
