import { expect } from 'chai';
import { countsAsUse } from '../../../../src/sources/snowflake/counts-as-use.js';

const BLOCK = 'begin let x int := (select count(*) from t); end;';
const IMMEDIATE = "execute immediate 'select 1 from t'";

describe('What counts of a file with rows of QUERY_HISTORY', () => {
  for (const head of ['', '\n ', '-- hi\n', '/* x */ ', '// a\r\n/** b *\n **/--\n\t', '/*begin*/'])
    it(`is no block behind ${JSON.stringify(head)}`, () => {
      for (const text of [BLOCK, IMMEDIATE, 'DECLARE x INT; BEGIN RETURN 1; END', 'with p as procedure () x'])
        expect(countsAsUse(head + text, 'SELECT'), text).to.equal(false);
      expect(countsAsUse(`${head}select 1 from t`, 'SELECT')).to.equal(true);
      expect(countsAsUse(`${head}select 1 from t`, 'copy')).to.equal(false);
    });

  it('is no block with comments between its words', () => {
    for (const gap of ['/* x */', ' -- a\n ', ' // a\n/**/\t']) {
      expect(countsAsUse(IMMEDIATE.replace(' ', gap), 'SELECT'), gap).to.equal(false);
      expect(countsAsUse('with p as procedure () x'.replaceAll(/ (?=p|as)/g, gap), 'SELECT'), gap).to.equal(false);
    }
    for (const text of ['execute/* immediate */ task t', 'with p as (select 1) select 1', '/**/execute-- immediate \n'])
      expect(countsAsUse(text, 'SELECT'), text).to.equal(true);
  });

  it('is a statement that has such words elsewhere', () => {
    for (const text of [
      '-- begin \nselect 1 from t',
      '/* */ select 1 -- */ begin x',
      `select 1 from t /* */ ${IMMEDIATE}`,
      '/* execute immediate ',
      `/*${'*/ /*'.repeat(50_000)}`,
      `execute${'/**/ '.repeat(50_000)}`,
      `with a${'/**/-'.repeat(50_000)}`,
      '-- begin x',
      'beginning',
    ])
      expect(countsAsUse(text, 'SELECT'), text.slice(0, 60)).to.equal(true);
  });
});
