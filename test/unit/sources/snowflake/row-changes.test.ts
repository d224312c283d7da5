import { expect } from 'chai';
import { PermanentError } from '../../../../src/errors/index.js';
import { readRowChanges } from '../../../../src/sources/snowflake/history/row-changes.js';
import { Row } from '../../../../src/sources/snowflake/session/row.js';
import type { Session, Statement } from '../../../../src/sources/snowflake/session/session.js';

describe('What changed rows of Snowflake', () => {
  type Message = (doing: string) => string;
  const plain: Message = () => 'no such view';
  const read = async (
    refused: string,
    message = plain
  ): Promise<{ lacksSome: boolean | undefined; warnings: readonly string[] }> => {
    const stream = async function* ({ sql, doing }: Statement): AsyncGenerator<never> {
      if (sql.includes(refused)) throw new PermanentError(message(doing));
      yield* [];
    };
    const warnings: string[] = [];
    const changes = await readRowChanges({
      ...{ session: { stream } as unknown as Session, accountUsageSchema: 'SNOWFLAKE.ACCOUNT_USAGE' },
      ...{ useAccessHistory: true, window: { from: 0, to: 1, log: '' }, onWarning: (line) => void warnings.push(line) },
    });
    return { lacksSome: changes.lacksSome, warnings };
  };

  it('lacks some where a view can not be read, so that the next run reaches back as far', async () => {
    for (const view of ['.QUERY_HISTORY', '.DYNAMIC_TABLE_REFRESH_HISTORY']) {
      const { lacksSome, warnings } = await read(view);
      expect(lacksSome, view).to.equal(true);
      expect(warnings).to.have.length(1);
    }
    expect(await read('.ACCESS_HISTORY'), 'the texts say the same').to.deep.equal({ lacksSome: false, warnings: [] });
  });

  it('lacks some, and the warning says once what could not be read, in which view', async () => {
    const doing = 'eading refreshes of dynamic tables (DYNAMIC_TABLE_REFRESH_HISTORY) since 1970-01-01';
    const said = `The system profile lacks something. R${doing} failed: no such view`;
    const own = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)} failed: no such view`;
    for (const message of [plain, own])
      expect((await read('.DYNAMIC_TABLE_REFRESH_HISTORY', message)).warnings).to.deep.equal([said]);
  });

  it('are 100 a day of a table and 50,000 of all, and a warning says when there are more', async () => {
    const warnings: string[] = [];
    const sent: string[] = [];
    const changed = { text: () => '"D"."S"."T"', optionalNumber: (name: string) => (name === 'STARTED_MS' ? 1 : 2) };
    const stream = async function* ({ sql }: Statement): AsyncGenerator<unknown> {
      sent.push(sql);
      for (let row = 0; row < (sql.includes('ACCESS_HISTORY') ? 50_000 : 0); row += 1) yield changed;
    };
    const changes = await readRowChanges({
      ...{ session: { stream } as unknown as Session, accountUsageSchema: 'SNOWFLAKE.ACCOUNT_USAGE' },
      ...{ useAccessHistory: true, window: { from: 0, to: 3 * 24 * 3_600_000, log: '' } },
      onWarning: (line) => void warnings.push(line),
    });
    // RANK: what is of one moment makes one sum, all of it or none
    expect(sent.map((sql) => /QUALIFY (\w+).* <= (\d+)/.exec(sql)?.slice(1))).to.deep.equal([
      ['RANK', '300'],
      ['RANK', '300'],
    ]);
    expect(changes({ database: 'D', schema: 'S', table: 'T' })).to.deep.include({
      ...{ at: 1, operation: 'INSERT', rows: 100_000 },
    });
    expect(warnings.join()).to.match(/newest changes only: .* gave 50000 rows/);
    expect(changes.lacksSome, 'a longer window would have them neither').to.equal(false);
  });

  it('told by texts lack those of which the text tells no table, and one warning says how many', async () => {
    const readTexts = async (...texts: readonly string[]) => {
      const warnings: string[] = [];
      const stream = async function* ({ sql }: Statement): AsyncGenerator<Row> {
        if (!sql.includes('LEFT(Q.QUERY_TEXT, 2000)')) return;
        for (const [index, QUERY_TEXT] of texts.entries())
          yield new Row({
            ...{ QUERY_TEXT: QUERY_TEXT.slice(0, 2000), QUERY_ID: `q${index}`, DATABASE_NAME: 'D', SCHEMA_NAME: 'S' },
            ...{ STARTED_MS: index, ROWS_INSERTED: 1, ROWS_UPDATED: 0, ROWS_DELETED: 0 },
          });
      };
      const changes = await readRowChanges({
        ...{ session: { stream } as unknown as Session, accountUsageSchema: 'SNOWFLAKE.ACCOUNT_USAGE' },
        ...{ useAccessHistory: false, window: { from: 0, to: 1, log: '' } },
        onWarning: (line) => void warnings.push(line),
      });
      const rows = changes({ database: 'D', schema: 'PUBLIC', table: 'T' }).map(({ at }) => at);
      return { rows, warnings: warnings.join(), lacksSome: changes.lacksSome };
    };
    const long = `insert into /* ${'x'.repeat(2000)} */ d..t values (1)`;
    const known = [`insert into identifier('d..t') values (1)`, 'merge /* dbt */ into d.public.t using x on true'];
    expect(await readTexts(...known, 'copy into @stage from d..t')).to.deep.equal({
      ...{ rows: [0, 1], warnings: '', lacksSome: false },
    });
    const some = await readTexts(long, known[0] ?? '', 'insert into identifier($t) values (1)');
    expect(some).to.deep.include({ rows: [1], lacksSome: false });
    expect(some.warnings).to.match(/lacks 2 statements of QUERY_HISTORY that .* \(QUERY_ID q0 is the newest\): .*2000/);
    expect((await readTexts(long)).warnings).to.match(/lacks 1 statement of QUERY_HISTORY .* \(QUERY_ID q0\): /);
  });

  it('of a statement without a text are none, and those of the others are read', async () => {
    const warnings: string[] = [];
    const rows = [null, '', 'DELETE FROM t'].map(
      (text) => new Row({ QUERY_TEXT: text, DATABASE_NAME: 'D', SCHEMA_NAME: 'S', STARTED_MS: 5, ROWS_DELETED: 3 })
    );
    const stream = async function* ({ sql }: Statement): AsyncGenerator<Row> {
      if (sql.includes('LEFT(Q.QUERY_TEXT')) yield* rows;
    };
    const changes = await readRowChanges({
      ...{ session: { stream } as unknown as Session, accountUsageSchema: 'SNOWFLAKE.ACCOUNT_USAGE' },
      ...{ useAccessHistory: false, window: { from: 0, to: 1, log: '' } },
      onWarning: (line) => void warnings.push(line),
    });
    expect(warnings.join()).to.contain('lacks 2 statements of QUERY_HISTORY');
    const changed = changes({ database: 'D', schema: 'S', table: 'T' });
    expect(changed).to.deep.equal([{ at: 5, operation: 'DELETE', rows: 3 }]);
  });
});
