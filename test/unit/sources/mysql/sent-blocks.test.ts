import { expect } from 'chai';
import { SentBlock } from '../../../../src/sources/mysql/sent-blocks.js';

describe('blocks that sessions send', () => {
  const has = (text: string, row: string): boolean | undefined =>
    SentBlock.of(text, { text, schema: 'gr', session: undefined })?.has(row);

  it('are told by how they begin', () => {
    for (const text of [
      'begin not atomic insert into n values (1); end',
      '/* x */ BEGIN/* y */NOT ATOMIC insert into n values (1); END',
      'if x then insert into n values (1); end if',
      'set statement max_statement_time=1 for begin not atomic insert into n values (1); end',
      'select 1; while x do insert into n values (1); end while',
      'declare v int := 1; begin insert into n values (1); end',
      'begin insert into n values (1); end',
    ])
      expect(has(text, 'insert into `n`  values (1)'), text).to.equal(true);
    for (const text of [
      'begin; insert into n values (1); select case x when 1 then 2 end',
      'begin work; insert into n values (1); select case x when 1 then 2 end',
      'create procedure p() begin if x then insert into n values (1); end if; end',
      "insert into n values ('a;begin not atomic insert into n values (1); end')",
      'select 1; insert into n values (1)',
    ])
      expect(has(text, 'insert into n values (1)'), text).to.equal(undefined);
  });

  it('have the statements in them, with values in the place of variables and placeholders', () => {
    const block =
      'begin not atomic declare v int; if (select 1 from u) then delete from m where k = v and s = "a"; end if; insert into n values (?, ?, ?); end';
    expect(has(block, 'delete from m where k = NAME_CONST(\'v\',7) and s = "a"')).to.equal(true);
    expect(has(block, "insert into n values (-4,TIMESTAMP'2026-11-30 01:48:47.825000',NULL)")).to.equal(true);
    expect(has(block, "insert into n values (1.5,'it\\'s',_binary'x')")).to.equal(true);
    expect(has(block, 'select 1 from m')).to.equal(false);
  });
});
