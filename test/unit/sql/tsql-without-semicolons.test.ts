import { expect } from 'chai';
import { columns, shape, told } from './lineage-shape.js';

/** One of each kind; what it reads and changes is found by reading it with a `;` behind it. */
const STATEMENTS = [
  'SET NOCOUNT ON',
  'SET IDENTITY_INSERT dbo.q ON',
  'SET STATISTICS IO, TIME ON',
  'SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED',
  'SET @x = (SELECT MAX(i) FROM dbo.a)',
  'SET @c = CURSOR FOR SELECT i FROM dbo.a',
  "DECLARE @x int = 5, @y varchar(20) = 'a'",
  'DECLARE @t TABLE (id int)',
  'DECLARE c CURSOR FOR SELECT i FROM dbo.a FOR UPDATE OF x',
  'SELECT @n = COUNT(*) FROM dbo.a WHERE i = @i',
  'SELECT * FROM dbo.a a JOIN dbo.c c ON a.i = c.i',
  'SELECT * FROM dbo.a WHERE x IS NOT NULL AND y = z',
  'SELECT x FROM dbo.a ORDER BY x OFFSET 5 ROWS FETCH NEXT 5 ROWS ONLY',
  'SELECT x FROM dbo.a ORDER BY x OFFSET 5 ROWS',
  'SELECT x, COUNT(*) FROM dbo.a GROUP BY x',
  "SELECT * FROM dbo.a FOR XML PATH('r'), TYPE",
  'SELECT * FROM dbo.a FOR SYSTEM_TIME ALL',
  'SELECT * INTO dbo.n FROM dbo.a WHERE 1 = 0',
  'INSERT INTO dbo.a (x) SELECT x FROM dbo.c',
  'INSERT dbo.a (x) OUTPUT inserted.i VALUES (1), (2)',
  'INSERT dbo.a DEFAULT VALUES',
  "INSERT INTO dbo.a EXEC sp_executesql N'SELECT * FROM dbo.c'",
  "BULK INSERT dbo.a FROM 'x.csv' WITH (FIRSTROW = 2)",
  'UPDATE dbo.a SET @v = x = x + 1',
  'UPDATE a SET x = c.y FROM dbo.a a JOIN dbo.c c ON a.i = c.i',
  'UPDATE STATISTICS dbo.q WITH FULLSCAN',
  'DELETE dbo.a',
  'DELETE a FROM dbo.a a JOIN dbo.c c ON a.i = c.i',
  'TRUNCATE TABLE dbo.a',
  'DROP TABLE IF EXISTS #t',
  'CREATE TABLE #t (i int)',
  'CREATE TABLE dbo.a (i int REFERENCES dbo.z (i) ON DELETE CASCADE) ON [PRIMARY]',
  'CREATE UNIQUE INDEX i ON dbo.a (x) WHERE x IS NOT NULL WITH (ONLINE = ON)',
  'CREATE EVENT SESSION es ON SERVER ADD EVENT sqlserver.x',
  'ALTER TABLE dbo.a ADD CONSTRAINT f FOREIGN KEY (x) REFERENCES dbo.z (i) ON DELETE SET NULL ON UPDATE NO ACTION',
  'ALTER TABLE dbo.a DROP COLUMN IF EXISTS x, y',
  'ALTER TABLE dbo.a NOCHECK CONSTRAINT ALL',
  'ALTER DATABASE q SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE',
  "EXEC dbo.p @a = 'x', @b = @c OUTPUT",
  "EXEC sp_executesql @stmt = N'SELECT * FROM dbo.a'",
  "RAISERROR ('x', 16, 1) WITH NOWAIT",
  'IF @x = 1 SET @y = 2 ELSE SET @y = 3',
  'WHILE @@FETCH_STATUS = 0 BEGIN PRINT @x FETCH NEXT FROM c INTO @x END',
  'BEGIN TRY DELETE dbo.a END TRY BEGIN CATCH ROLLBACK TRAN END CATCH',
  'SAVE TRAN s1',
  'ROLLBACK TRANSACTION s1',
  'GRANT SELECT, INSERT, UPDATE, DELETE ON dbo.q TO x WITH GRANT OPTION',
  'GRANT CREATE TABLE TO x',
  'DENY INSERT ON dbo.q TO x',
  'REVOKE GRANT OPTION FOR SELECT ON dbo.q FROM x',
  'FETCH NEXT FROM c INTO @x',
  "DBCC CHECKIDENT ('dbo.q', RESEED, 0) WITH NO_INFOMSGS",
  'RECONFIGURE WITH OVERRIDE',
  "RESTORE DATABASE q FROM DISK = 'x' WITH REPLACE",
  'REVERT',
];

const FOLLOWERS = [
  'DELETE dbo.b',
  'DELETE TOP (5) FROM dbo.b',
  'DELETE x FROM dbo.b x JOIN dbo.d d ON x.i = d.i',
  'TRUNCATE TABLE dbo.b',
  'SELECT * FROM dbo.b',
  'SELECT (SELECT MAX(i) FROM dbo.b) AS m',
  'INSERT dbo.b (i) SELECT i FROM dbo.d',
  'UPDATE TOP (5) dbo.b SET x = 1',
  "EXEC ('DELETE dbo.b')",
  "SET @s = N'DELETE dbo.b' EXEC (@s)",
  'SET @z = (SELECT MAX(i) FROM dbo.b)',
  'PRINT (SELECT MAX(i) FROM dbo.b)',
  'IF EXISTS (SELECT 1 FROM dbo.b) DELETE dbo.d',
  "IF @z = 1 SET @s = N'DELETE dbo.b' ELSE SET @s = N'DELETE dbo.d' EXEC (@s)",
  'IF @z = 1 USE wh7 DELETE dbo.b',
  'WHILE EXISTS (SELECT 1 FROM dbo.b) DELETE TOP (5) dbo.b',
  'ALTER TABLE dbo.b ADD x int',
  'FETCH NEXT FROM c INTO @x DELETE dbo.b',
  'FETCH c INTO @x',
  'DENY DELETE ON dbo.q TO x SELECT * FROM dbo.b',
  'SAVE TRAN s9 DELETE dbo.b',
  '(SELECT * FROM dbo.b)',
  '(SELECT i FROM dbo.b) UNION ALL (SELECT i FROM dbo.d)',
  'RETURN (SELECT MAX(i) FROM dbo.b)',
  'RETURN ISNULL((SELECT MAX(i) FROM dbo.b), 0)',
  'SEND ON CONVERSATION @h MESSAGE TYPE [m] (@m) DELETE dbo.b',
  'RECEIVE TOP (1) * FROM dbo.q',
  'DISABLE TRIGGER tr ON dbo.q',
  'ENABLE TRIGGER ALL ON DATABASE DELETE dbo.b',
  'ADD SIGNATURE TO dbo.p BY CERTIFICATE c DELETE dbo.b',
];

describe('T-SQL without semicolons', () => {
  for (const statement of STATEMENTS)
    it(`has what stands behind ${statement}`, () => {
      for (const follower of FOLLOWERS) {
        // a bracket behind a text that is run may be a part of what makes the text
        if (follower.startsWith('(') && statement.includes('sp_executesql')) continue;
        const expected = told(`${statement};\n${follower}`, 'tsql');
        for (const blank of ['\n', ' ', '\n-- then\n'])
          expect(told(statement + blank + follower, 'tsql'), follower).to.equal(expected);
        const block = told(`BEGIN\n${statement}\n${follower}\nEND`, 'tsql');
        expect(block, `in a block: ${follower}`).to.equal(told(`BEGIN\n${statement};\n${follower};\nEND`, 'tsql'));
      }
    });

  for (const [sql, expected] of [
    ['SET NOCOUNT ON\nDELETE dbo.b', 'dbo.b > changed dbo.b'],
    ["CREATE TABLE #t (i int)\nEXEC ('DELETE dbo.b')", 'dbo.b > #t changed dbo.b'],
    ['SELECT @n = COUNT(*) FROM dbo.b WHERE i = @i\nFETCH NEXT FROM cur INTO @i', 'dbo.b >'],
    ['DENY INSERT ON dbo.q TO x\nDELETE dbo.b', 'dbo.b > changed dbo.b'],
    [
      'SELECT * FROM dbo.a a JOIN dbo.c c ON a.i = c.i IF @z = 1 DELETE dbo.b',
      'dbo.a dbo.c dbo.b > changed dbo.b dbo.a.i=dbo.c.i',
    ],
    ["IF @q = 1 UPDATE dbo.a SET x = 1\nSET @s = N'DELETE dbo.b' EXEC (@s)", 'dbo.b > dbo.a changed dbo.b'],
    ["IF @q = 1 INSERT dbo.a VALUES (1)\nSELECT @s = N'DELETE dbo.b' EXEC (@s)", 'dbo.b > dbo.a changed dbo.b'],
    ["UPDATE STATISTICS dbo.q\nSET @s = N'DELETE dbo.b' EXEC (@s)", 'dbo.b > changed dbo.b'],
    ["DENY SELECT, UPDATE ON dbo.q TO x\nSET @s = N'DELETE dbo.b' EXEC (@s)", 'dbo.b > changed dbo.b'],
    ['IF @q = 1 REVERT\nUSE wh7 DELETE dbo.b', 'wh7.dbo.b > changed wh7.dbo.b'],
    ['IF @q = 1 SET NOCOUNT ON\nUSE wh7 DELETE dbo.b', 'wh7.dbo.b > changed wh7.dbo.b'],
    ['ALTER VIEW dbo.v WITH SCHEMABINDING, VIEW_METADATA AS SELECT * FROM dbo.a', 'dbo.a > dbo.v'],
    ['ALTER SESSION SET CURRENT_SCHEMA =', '> unknown statement "SESSION"'],
    ['SEND ON CONVERSATION @h (@m)', '>'],
    ['DELETE dbo.b ENABLE TRIGGER ALL ON DATABASE', 'dbo.b > changed dbo.b'],
    ['ALTER TABLE dbo.b ENABLE TRIGGER ALL', '> changed dbo.b'],
    ['RETURN (SELECT MAX(i) FROM dbo.a)', 'dbo.a >'],
    ['CREATE TABLE #t (i int) (SELECT i FROM dbo.a)', 'dbo.a > #t'],
    ['INSERT dbo.b (i) OUTPUT inserted.i INTO @t (SELECT i FROM dbo.a)', 'dbo.a > @t dbo.b'],
    ['UPDATE dbo.b SET x = 1 WHERE i > ALL (SELECT i FROM dbo.a)', 'dbo.a > dbo.b'],
    ['SELECT TOP 5 (SELECT MAX(i) FROM dbo.a) FROM dbo.b', 'dbo.b dbo.a >'],
    ['WITH q AS (SELECT * FROM dbo.a) SELECT TOP (SELECT COUNT(*) / 2 FROM q) * FROM dbo.b', 'dbo.a dbo.b >'],
    ['DELETE TOP (SELECT MAX(i) FROM dbo.a) FROM dbo.b', 'dbo.b dbo.a > changed dbo.b'],
    ['UPDATE TOP (SELECT MAX(i) FROM dbo.a) dbo.b SET x = 1', 'dbo.a > dbo.b'],
    ['BEGIN SELECT * FROM dbo.a a JOIN dbo.c c ON a.i = c.i END', 'dbo.a dbo.c > dbo.a.i=dbo.c.i'],
    ['IF @x = 1 SELECT * FROM dbo.a a JOIN dbo.c c ON a.i = c.i ELSE PRINT 1', 'dbo.a dbo.c > dbo.a.i=dbo.c.i'],
    ['SELECT * FROM dbo.a a JOIN dbo.c c ON CASE WHEN a.x = 1 THEN a.i ELSE a.j END = c.i', 'dbo.a dbo.c >'],
  ] as const)
    it(JSON.stringify(sql), () => expect(told(sql, 'tsql')).to.equal(expected));

  it('changes columns by their methods', () => {
    const sql =
      "UPDATE dbo.a SET x.WRITE(b.v, 0, NULL), y = 2, d.modify('delete /z') FROM dbo.a a JOIN dbo.b b ON a.i = b.i";
    expect(told(sql, 'tsql')).to.equal('dbo.a dbo.b > dbo.a dbo.a.i=dbo.b.i');
    expect(columns(sql, 'tsql')).to.deep.equal(['dbo.b.v > dbo.a.x']);
  });

  it('has procedures whose body begins with a semicolon or a bracket', () => {
    for (const body of [
      ';WITH q AS (SELECT * FROM dbo.a) SELECT * FROM q',
      ';\n;IF EXISTS (SELECT 1 FROM dbo.a) PRINT 1',
      "; EXEC ('SELECT * FROM dbo.a')",
      '(SELECT * FROM dbo.a)',
    ])
      expect(shape(`CREATE PROC dbo.p @q AS int AS\n${body}`, 'tsql').sources, body).to.deep.equal(['dbo.a']);
  });
});
