import { expect } from 'chai';
import { TextGroups } from '../../../src/usage/text-groups.js';

/** What is stored of a log's texts, with their runs. */
function stored(...texts: readonly string[]): readonly (readonly [string | undefined, number])[] {
  const groups = new TextGroups('tsql');
  for (const text of texts) groups.add({ text, database: 'd', schema: 'dbo', startedAt: 1 });
  return groups
    .take()
    .map(([, { masked, days }]) => [masked, days.reduce((sum, { runs }) => sum + runs, 0)] as const)
    .sort(([, left], [, right]) => right - left);
}

describe('Calls of drivers in a log', () => {
  it('are the queries in them, one each, whatever their parameters', () => {
    expect(
      stored(
        "exec sp_executesql N'SELECT * FROM a WHERE k = @p0 AND s = ''x''',N'@p0 int',@p0=1",
        "exec sp_executesql N'SELECT * FROM a WHERE k = @p0 AND s = ''y''',N'@p0 int',@p0=2",
        "declare @p1 int set @p1=7 exec sp_prepexec @p1 output,N'@p0 int',N'SELECT * FROM a WHERE k = @p0 AND s = ''z''',3 select @p1",
        "(@p0 int)SELECT * FROM a WHERE k = @p0 AND s = 'x'",
        "SELECT * FROM a WHERE k = @p0 AND s = 'x'",
        "exec sp_executesql N'DELETE FROM b WHERE k = @p0',N'@p0 nvarchar(4000)',@p0=N'v'",
        "exec sp_executesql N'DELETE FROM b WHERE k = @p0',N'@p0 nvarchar(4000)',@p0=N'w'"
      )
    ).to.deep.equal([
      ['SELECT * FROM a WHERE k = @p0 AND s = ?', 5],
      ['DELETE FROM b WHERE k = @p0', 2],
    ]);
  });

  it('are one text for each database that they name, and are counted there', () => {
    const groups = new TextGroups('tsql');
    for (const place of ['dbo.', '', 'wh.dbo.', 'wh..', 'd.sys.'])
      groups.add({
        ...{ text: `exec ${place}sp_executesql N'SELECT 1 FROM t'`, database: 'd', schema: 'dbo' },
        startedAt: 1,
      });
    const found = groups.take().map(
      ([
        ,
        {
          text,
          database,
          days: [day],
        },
      ]) => `${database} ${day?.runs}: ${text}`
    );
    expect(found.sort()).to.deep.equal(['d 3: SELECT 1 FROM t', 'wh 2: SELECT 1 FROM t']);
  });
});
