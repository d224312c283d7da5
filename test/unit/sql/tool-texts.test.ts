import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { dialectNamed, TextReader, type Dialect } from '../../../src/sql/index.js';
import { z } from 'zod';
import { told } from './lineage-shape.js';

const row = z.strictObject({ dialect: z.string().transform(dialectNamed), sql: z.string(), told: z.string() });

const rows = readFileSync('test/data/usage/tool-texts.jsonl', 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => row.parse(JSON.parse(line)));

describe('texts that dbt, BI tools, loaders and ORMs send', () => {
  for (const { dialect, sql, told: expected } of rows)
    it(`count for their tables (${dialect}): ${sql.slice(0, 80)}`, () => {
      expect(told(sql, dialect)).to.equal(expected);
    });
});

describe('names in strings', () => {
  const named: readonly (readonly [Dialect, string])[] = [
    ['clickhouse', "SELECT * FROM cluster('c', 's.#')"],
    ['postgres', "SELECT * FROM crosstab('SELECT id FROM s.#') AS ct(a int)"],
    ['databricks', "SELECT * FROM IDENTIFIER('s.' || '#')"],
    ['tsql', "EXEC sp_prepexec @p1 OUTPUT, N'@P0 int', N'SELECT * FROM s.#', 1"],
  ];
  for (const [dialect, sql] of named)
    it(`are read for each text (${dialect}): ${sql}`, () => {
      const reader = new TextReader();
      const read = (table: string) => reader.read(sql.replace('#', table), dialect).sources.map(({ name }) => name);
      expect([read('a'), read('b')]).to.deep.equal([['s.a'], ['s.b']]);
      expect(told(sql.replace('#', 'a'), dialect)).to.equal('s.a >');
    });

  it('are no names where a part is not known', () => {
    const doubt = 'SQL that is put together has parts that are not known';
    expect(told("SELECT * FROM IDENTIFIER('s.' || x) JOIN b ON 1 = 1", 'databricks')).to.equal(`b > ${doubt}`);
    for (const name of ['IDENTIFIER($t)', 'IDENTIFIER(:t)', 'IDENTIFIER(?)', 'TABLE($t)'])
      expect(told(`SELECT * FROM ${name}`, 'snowflake'), name).to.equal(`> ${doubt}`);
    expect(told("SET t = 's.a'; SELECT 1 FROM TABLE($t)", 'snowflake')).to.equal('s.a >');
    expect(told("SET t = 's.' || $x; SELECT 1 FROM IDENTIFIER($t)", 'snowflake')).to.equal(`> ${doubt}`);
  });
});
