import { expect } from 'chai';
import type { Dialect, LineageOptions } from '../../../src/sql/index.js';
import { parseLineage } from '../../../src/sql/index.js';
import { columnText, told } from './lineage-shape.js';

const TOLD = 'SQL that is put together has parts that are not known';

/** `from > to` of columns, and `left = right` of those that are compared. */
function certain(sql: string, dialect: Dialect = 'tsql', options: LineageOptions = {}): readonly string[] {
  const { columns, joins, doubts } = parseLineage(sql, dialect, options);
  return [
    ...columns.map(([from, to]) => `${columnText(from)} > ${columnText(to)}`),
    ...joins.map(({ left, right }) => `${columnText(left)} = ${columnText(right)}`),
    ...doubts,
  ];
}

function either(one: string, other: string): string {
  return `DECLARE @s nvarchar(max); IF @x=1 SET @s=N'${one}' ELSE SET @s=N'${other}'; EXEC(@s)`;
}

describe('Texts of branches that name the same tables', () => {
  const from = 'SELECT a.x FROM dbo.a JOIN dbo.b ON';
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [either(`${from} a.i=b.i`, `${from} a.k=b.k`), []],
    [either(`${from} a.i=b.i AND a.k=b.k`, `${from} b.k=a.k`), ['dbo.a.k = dbo.b.k']],
    [
      "DECLARE @s nvarchar(max)=N'SELECT a.x FROM dbo.a, dbo.b WHERE 1=1'; IF @x=1 SET @s+=N' AND a.i=b.i'; EXEC(@s)",
      [],
    ],
    [either('INSERT dbo.t(x) SELECT x FROM dbo.a', 'INSERT dbo.t(y) SELECT yy FROM dbo.a'), []],
    [
      either('INSERT dbo.t(x,y) SELECT x,y FROM dbo.a', 'INSERT dbo.t(x,y) SELECT x,z+1 FROM dbo.a WHERE k=1'),
      ['dbo.a.x > dbo.t.x'],
    ],
    [either('INSERT dbo.t SELECT * FROM dbo.a', 'INSERT dbo.t SELECT * FROM dbo.a ORDER BY x'), ['dbo.a.* > dbo.t.*']],
    [
      either(
        'SELECT x INTO #t FROM dbo.a; INSERT dbo.t(i) SELECT x FROM #t',
        'SELECT y INTO #t FROM dbo.a; INSERT dbo.t(i) SELECT y FROM #t'
      ),
      [],
    ],
    [either("EXEC(N''DELETE dbo.a'')", "EXEC(N''DELETE dbo.a WHERE x=1'')"), []],
  ];
  for (const [sql, expected] of cases)
    it(`have what is the same in all: ${sql}`, () => {
      expect(certain(sql)).to.deep.equal(expected);
    });

  it('have their tables, whatever else differs', () => {
    expect(told(cases[0]?.[0] ?? '', 'tsql')).to.equal('dbo.a dbo.b >');
    expect(told(cases[3]?.[0] ?? '', 'tsql')).to.equal('dbo.a > dbo.t');
  });

  it('have the one table with which each does another thing', () => {
    for (const other of [
      'DELETE dbo.a WHERE d=@d',
      'UPDATE dbo.a SET x=1',
      'INSERT dbo.a SELECT 1',
      'SELECT x FROM dbo.a',
    ])
      expect(told(either('TRUNCATE TABLE dbo.a', other), 'tsql'), other).to.equal('dbo.a >');
    for (const other of ['DELETE dbo.b', 'DROP TABLE dbo.a', 'DELETE x FROM dbo.a x JOIN dbo.b ON 1=1', 'EXEC(@t)'])
      expect(told(either('TRUNCATE TABLE dbo.a', other), 'tsql'), other).to.include(TOLD);
    const sql =
      "DO $$ DECLARE s text; BEGIN IF y THEN s := 'TRUNCATE a'; ELSE s := 'DELETE FROM a'; END IF; EXECUTE s; END $$";
    expect(told(sql, 'postgres')).to.equal('a >');
  });

  it('are told where the tables flow into others', () => {
    const [one, other] = ['a', 'b'].map((name) => `SELECT * FROM dbo.${name}`);
    const sql = either(`INSERT dbo.t ${one}; INSERT dbo.u ${other}`, `INSERT dbo.t ${other}; INSERT dbo.u ${one}`);
    expect(told(sql, 'tsql')).to.include(TOLD);
  });

  it('are read so in other dialects, too', () => {
    const sql =
      "DO $$ DECLARE s text := 'SELECT a.x FROM a, b WHERE true'; BEGIN IF y THEN s := s || ' AND a.i = b.i'; END IF; EXECUTE s; END $$";
    expect(certain(sql, 'postgres', { countsAside: true })).to.deep.equal([]);
    expect(told(sql, 'postgres')).to.equal('a b >');
  });
});
