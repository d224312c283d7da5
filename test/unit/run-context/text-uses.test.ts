import { expect } from 'chai';
import { TextUses } from '../../../src/run-context/text-uses.js';

const line = (sql: string | undefined, ...days: readonly (readonly [date: string, count: number])[]) => ({
  fqn: 's.d.m.a',
  outcome: 'read' as const,
  ...(sql === undefined ? {} : { sql }),
  uses: days.map(([date, count]) => ({ date, count })),
});

describe('the texts that used a table', () => {
  it('are a line each, with the sum of all schemas that they ran in, those with the most uses first', () => {
    const texts = new TextUses();
    for (const each of [
      line('select 1', ['2026-11-02', 3]),
      line('select 2', ['2026-11-02', 4]),
      line('select 1', ['2026-11-01', 1], ['2026-11-02', 1]),
      line(undefined, ['2026-11-02', 1]),
      line(undefined, ['2026-11-02', 1]),
    ])
      texts.add(each);
    expect(texts.most(2)).to.deep.equal({
      lines: [line('select 1', ['2026-11-01', 1], ['2026-11-02', 4]), line('select 2', ['2026-11-02', 4])],
      more: 2,
    });
  });
});
