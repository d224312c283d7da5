import { expect } from 'chai';
import { TransientError } from '../../../src/errors/index.js';
import type { ProfileUnitStage } from '../../../src/profiler/index.js';
import { attemptUnit } from './unit-attempt.js';
import { temporaryStore, type TemporaryStore } from '../metadata/temporary-store.js';

const internal = (): TransientError => new TransientError('Snowflake met an internal error.');

interface Attempt {
  /** Tables in the order of their statements, `-` for those that read no table. */
  readonly sent: readonly string[];
  readonly put: readonly string[];
  readonly failures: readonly string[];
  readonly waits: readonly string[];
  readonly error?: string;
  readonly used?: number;
}

describe('A table whose statements fail for a moment', () => {
  let temporary: TemporaryStore;
  before(async () => {
    temporary = await temporaryStore();
  });
  after(() => temporary.remove());

  /** @param answer throws what the source says to a statement about this table */
  async function attempt(
    run: string,
    names: string,
    answer: (table: string) => void,
    allowance?: ProfileUnitStage['allowance']
  ): Promise<Attempt> {
    const sent: string[] = [];
    const waits: string[] = [];
    const rows = async (sql: string): Promise<number[][]> => {
      const table = /`([a-z])`(?! AS)(?=\s|$)/.exec(sql.slice(sql.indexOf('FROM')))?.[1] ?? '-';
      sent.push(table);
      answer(table);
      return [[1, 1, 1]];
    };
    const { put, failures, used, error } = await attemptUnit({
      ...{ store: temporary.store, run, rows, metrics: ['min', 'max'], columns: ['c'], endsBy: TransientError },
      tables: [...names].map((each) => `s.default.m.${each}`),
      ...(allowance === undefined ? {} : { allowance }),
      more: {
        wait: async (milliseconds, why) => void waits.push(`${Math.round(milliseconds / 1000)} s, ${why}`),
        statementWaits: [],
      },
    });
    return {
      ...{ sent, put: put.map((fqn) => fqn.slice(-1)), failures, waits },
      ...(error === undefined ? {} : { error }),
      ...(used === undefined ? {} : { used }),
    };
  }

  const refusing =
    (...tables: string[]) =>
    (table: string): void => {
      if (tables.includes(table)) throw internal();
    };

  it('lets the others go on, comes again at the end, and fails in the end', async () => {
    const seen = await attempt('one', 'abcd', refusing('b'));
    expect(seen.sent.join('')).to.equal('ab-cdb-b-');
    expect(seen.put.join('')).to.equal('acd');
    expect(seen.waits).to.deep.equal([
      '15 s, s.default.m.b: Snowflake met an internal error.',
      '30 s, s.default.m.b: Snowflake met an internal error.',
    ]);
    expect(seen.failures).to.deep.equal([
      's.default.m.b: Snowflake met an internal error. It was tried 3 times; the source answers other statements.',
    ]);
  });

  it('is profiled when it works again, alone in its unit too', async () => {
    let left = 1;
    const seen = await attempt('alone', 'a', (table) => {
      if (table === 'a' && left-- > 0) throw internal();
    });
    expect(seen.sent.join('')).to.equal('a-a');
    expect(seen).to.deep.include({ put: ['a'], failures: [] });
  });

  it('ends the attempt where the source is away, asks to slow down, or fails for several tables', async () => {
    const away = await attempt('away', 'abcd', refusing('a', '-'));
    expect(away).to.deep.include({ error: 'Snowflake met an internal error.', put: [] });
    expect(away.sent.join('')).to.equal('a-');
    const busy = await attempt('busy', 'abcd', (table) => {
      if (table === 'a') throw new TransientError('too many connections', { throttled: true });
    });
    expect(busy.sent.join('')).to.equal('a');
    const several = await attempt('several', 'abcdef', refusing('a', 'b', 'c'));
    expect(several.sent.join('')).to.equal('a-b-c-');
    expect(several.error).to.equal('Snowflake met an internal error.');
    const next = await attempt('several', 'abcdef', refusing('b'));
    expect(next.sent.join(''), 'what was never tried comes first').to.equal('defab-cb-');
    expect(next.put.join('')).to.equal('defac');
    expect(next.failures).to.have.length(1);
  });

  it('fails alone where what it reads says that there are too many connections', async () => {
    const seen = await attempt('says-so', 'abcd', (table) => {
      if (table === 'b') throw new TransientError('too many connections', { throttled: true, arose: 'statement' });
    });
    expect(seen.put.join('')).to.equal('acd');
    expect(seen.failures).to.have.length(1);
  });

  it('costs the budget what it took, in the next attempts too', async () => {
    const allowance = { statements: 9 };
    const first = await attempt('budget', 'abcde', refusing('a', 'b', 'c'), allowance);
    expect(first.sent.join('')).to.equal('a-b-c-');
    const next = await attempt('budget', 'abcde', refusing('c'), allowance);
    expect(next.sent.join('')).to.equal('deabc-c-');
    expect(next).to.deep.include({ used: 9, put: ['d', 'e', 'a', 'b'] });
    expect(next.failures[0]).to.contain('It was tried 3 times');
  });
});
