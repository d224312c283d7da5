import { expect } from 'chai';
import type { LoggedTable } from '../../../src/sources/index.js';
import { TextGroups } from '../../../src/usage/text-groups.js';

const T: LoggedTable = ['D', 'S', 'T'];

describe('Statements that their source has counted', () => {
  it('count without a text, which is not stored then', () => {
    const groups = new TextGroups('snowflake');
    groups.addCounted({
      ...{ text: '', access: { read: [T], written: [] }, users: [{ login: 'ANN' }], newestAt: 5, newestUser: 'ANN' },
      days: [{ day: 0, runs: 3, durationMs: 9 }],
    });
    const [[, group] = []] = groups.take();
    expect(group).to.include({ text: '' }).and.not.to.have.property('masked');
    expect(group?.days[0]?.runs).to.equal(3);
  });
});
