import { expect } from 'chai';
import { planRecorder } from '../../../src/activities/run/plan-recorder.js';

describe('What a plan says beside its numbers', () => {
  it('names what each line is about, once', () => {
    const lines: string[] = [];
    const recorder = planRecorder((text) => void lines.push(text));
    recorder.failure('profiler', 's.d.m.t', 'The source lists no table of this name.');
    recorder.incomplete('s.d.m.u is not profiled: it takes too much.', 's.d.m.u');
    recorder.note('maxRows does not hold.');
    expect(lines).to.deep.equal([
      's.d.m.t: The source lists no table of this name.',
      's.d.m.u is not profiled: it takes too much.',
      'maxRows does not hold.',
    ]);
  });
});
