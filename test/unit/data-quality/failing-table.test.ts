import { expect } from 'chai';
import { TransientError } from '../../../src/errors/index.js';
import { TableSession } from '../../../src/data-quality/table-session.js';
import { TestAborted } from '../../../src/data-quality/test-aborted.js';
import { mysqlMeasureDialect } from '../../../src/sources/mysql/measure-dialect.js';

describe("A test's statement that fails for a moment", () => {
  function sessionThat(answer: (sql: string) => void): {
    session: TableSession;
    sent: string[];
    waits: string[];
  } {
    const sent: string[] = [];
    const waits: string[] = [];
    const rows = async (sql: string): Promise<number[][]> => {
      sent.push(sql);
      answer(sql);
      return [[1]];
    };
    const session = new TableSession({
      session: {
        rows,
        query: async (sql) => ({ columns: ['n'], rows: await rows(sql) }),
        close: async () => undefined,
      },
      dialect: mysqlMeasureDialect({ flavour: 'MariaDB', major: 10, minor: 11, patch: 0 } as never),
      rows: { table: { database: 'd', schema: 's', table: 't' }, isView: false },
      columns: [],
      now: 1,
      signal: new AbortController().signal,
      wait: async (milliseconds, why) => void waits.push(`${milliseconds / 1000} s, ${why}`),
      statementWaits: [],
    });
    return { session, sent, waits };
  }
  const internal = (): TransientError => new TransientError('an internal error');
  const ofBad = (sql: string): void => {
    if (sql.includes('bad')) throw internal();
  };

  it('aborts that test alone where the source answers others', async () => {
    const { session, sent, waits } = sessionThat(ofBad);
    const end = await session.query('SELECT bad', 1).catch((error: unknown) => error);
    expect(end).to.be.instanceOf(TestAborted);
    expect((end as Error).message).to.equal(
      'an internal error. It was tried 3 times; the source answers other statements.'
    );
    expect(waits).to.deep.equal(['15 s, t: an internal error', '30 s, t: an internal error']);
    expect(sent).to.deep.equal(['SELECT bad', 'SELECT 1', 'SELECT bad', 'SELECT 1', 'SELECT bad', 'SELECT 1']);
    expect(await session.query('SELECT good', 1)).to.deep.equal({ columns: ['n'], rows: [[1]] });
    await session.query('SELECT bad too', 1).catch(() => undefined);
    expect(waits, 'the next one is not waited for').to.have.length(2);
  });

  it('is measured when it works again', async () => {
    let left = 1;
    const { session } = sessionThat((sql) => {
      if (sql.includes('COUNT') && left-- > 0) throw internal();
    });
    const measures = await session.measure([{ kind: 'rowCount' }]);
    expect(() => measures.require([{ of: 'rows' } as never])).not.to.throw();
  });

  it('ends the attempt where the source is away or asks to slow down', async () => {
    for (const error of [internal(), new TransientError('too many connections', { throttled: true })]) {
      const { session, waits } = sessionThat(() => {
        throw error;
      });
      expect(await session.query('SELECT bad', 1).catch((thrown: unknown) => thrown)).to.equal(error);
      expect(waits).to.deep.equal([]);
    }
  });
});
