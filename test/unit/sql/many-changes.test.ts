import { expect } from 'chai';
import type { Dialect } from '../../../src/sql/index.js';
import { used } from './lineage-shape.js';

const START = "DECLARE @s nvarchar(max) = N'SELECT * FROM dbo.a WHERE 1=1'; ";
const APPEND = "SET @s += N' AND c=1'; ";

describe('A variable that changes many times', () => {
  const kept: readonly (readonly [string, string])[] = [
    ['appended always', START + APPEND.repeat(1_500) + 'EXEC(@s)'],
    ['appended under conditions', START + `IF @x=1 ${APPEND}`.repeat(500) + 'EXEC(@s)'],
    ['of either branch', START + `IF @x=1 ${APPEND} ELSE SET @s += N' AND d=1'; `.repeat(100) + 'EXEC(@s)'],
  ];
  for (const [name, sql] of kept)
    it(`keeps its table: ${name}`, () => {
      const { sources, doubts } = used(sql, 'tsql');
      expect(sources.map((table) => table.name)).to.deep.equal(['dbo.a']);
      expect(doubts).to.deep.equal([]);
    });

  const oracle = (steps: string): string => `DECLARE v VARCHAR2(9); BEGIN ${steps} END;`;
  const jumps = "<<l>> v := 'b'; EXECUTE IMMEDIATE 'DELETE FROM ' || v; GOTO l; ";
  const long: readonly (readonly [string, Dialect, string])[] = [
    ['run again and again', 'tsql', START + `${APPEND}EXEC(@s); `.repeat(3_000)],
    ['run under conditions', 'tsql', START + `IF @x=1 ${APPEND}EXEC(@s); `.repeat(1_500)],
    ['appended first, then run', 'tsql', START + APPEND.repeat(2_500) + `${APPEND}EXEC(@s); `.repeat(1_000)],
    ['many GOTOs to many labels of one name', 'oracle', oracle(jumps.repeat(1_500))],
    ['many GOTOs to one label', 'tsql', `l: ${APPEND}EXEC(@s); ` + 'IF @x=1 GOTO l '.repeat(3_000)],
  ];
  for (const [name, dialect, sql] of long)
    it(`is followed in good time: ${name}`, () => {
      const start = performance.now();
      used(sql, dialect);
      expect(performance.now() - start).to.be.below(10_000);
    });
});
