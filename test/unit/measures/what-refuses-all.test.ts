import { expect } from 'chai';
import { NothingRuns, PermanentError } from '../../../src/errors/index.js';
import { compileMeasures, Measuring, probeSql, type Ask } from '../../../src/measures/index.js';
import { byHalves } from '../../../src/profiler/take-by-halves.js';
import { mysqlMeasureDialect } from '../../../src/sources/mysql/measure-dialect.js';

const DIALECT = mysqlMeasureDialect({ flavour: 'MariaDB', major: 10, minor: 11, patch: 0 } as never);
const ROWS = { table: { database: 'default', schema: 'm', table: 't' }, isView: false };

function asksOf(columns: number): Ask[] {
  return Array.from({ length: columns }, (_, at) => {
    const column = { name: `c${at}`, dataType: 'INT' } as const;
    return (['sum', 'max'] as const).map((of): Ask => ({ key: `${of} ${at}`, measure: { of, column } }));
  }).flat();
}

interface Taken {
  readonly sent: readonly string[];
  readonly problems: readonly string[];
  readonly error?: unknown;
}

/** @param answer throws what the source says to the `at`th statement */
async function take(columns: number, answer: (sql: string, at: number) => void): Promise<Taken> {
  const sent: string[] = [];
  const rows = async (sql: string): Promise<number[][]> => {
    sent.push(sql);
    answer(sql, sent.length);
    return [Array.from({ length: 2 * columns }, () => 1)];
  };
  const session = { rows, query: async () => ({ columns: [], rows: [] }), close: async () => undefined };
  const measuring = new Measuring(session, { signal: new AbortController().signal });
  const compiled = compileMeasures(DIALECT, ROWS, asksOf(columns));
  const problems = new Map<string, string>();
  const end = await measuring.take(compiled, probeSql(DIALECT, ROWS), problems).then(
    () => ({}),
    (error: unknown) => ({ error })
  );
  return { sent, problems: [...problems.keys()], ...end };
}

describe('A source that refuses everything in the midst of a split', () => {
  const overflow = (): PermanentError => new PermanentError('overflow');

  it('ends the measuring at once where it says that it runs nothing', async () => {
    const seen = await take(64, (_sql, at) => {
      if (at === 1) throw overflow();
      if (at > 2) throw new NothingRuns('no warehouse');
    });
    expect(seen.error).to.be.instanceOf(NothingRuns);
    expect(seen.sent).to.have.length(3);
    expect(seen.problems).to.deep.equal([]);
  });

  it('is found out after a few statements where it does not, as where the table is gone', async () => {
    const seen = await take(64, (_sql, at) => {
      if (at === 1) throw overflow();
      if (at > 2) throw new PermanentError('no such table');
    });
    expect(seen.error).to.be.instanceOf(PermanentError).with.property('message', 'no such table');
    expect(seen.sent.length).to.be.lessThan(12);
  });

  it('is found out when the last statement was refused', async () => {
    const seen = await take(2, (sql, at) => {
      if (at === 1) throw overflow();
      if (at > 3 || (at > 2 && sql.includes('c1'))) throw new PermanentError('no right');
    });
    expect(seen.error).to.be.instanceOf(PermanentError).with.property('message', 'no right');
  });

  it('is none where the table can be read: what is refused is a column', async () => {
    const seen = await take(64, (sql) => {
      if (sql.includes('MAX(`c63`') || sql.includes('SUM(`c7`')) throw overflow();
    });
    expect(seen.error).to.equal(undefined);
    expect(seen.problems).to.deep.equal(['sum 7', 'max 63']);
    expect(seen.sent.at(-1), 'refused last').to.equal(probeSql(DIALECT, ROWS));
  });

  it('is found out for what columns share a query for, too', async () => {
    const refused: number[] = [];
    let asked = 0;
    const failure = await byHalves(
      Array.from({ length: 100 }, (_, at) => at),
      async () => {
        asked += 1;
        throw new PermanentError('no such table');
      },
      {
        refuse: (one) => void refused.push(one),
        probe: async () => {
          if (asked > 1) throw new PermanentError('no such table');
        },
      }
    ).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(PermanentError);
    expect(asked).to.be.lessThan(12);
  });
});
