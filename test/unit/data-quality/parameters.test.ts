import { expect } from 'chai';
import { Parameters } from '../../../src/data-quality/parameters.js';
import { LiteralError, parseLiteral } from '../../../src/data-quality/python-literal.js';
import { readOnlyQuery } from '../../../src/data-quality/read-only.js';
import { fillTemplate } from '../../../src/data-quality/rule-template.js';
import { TestAborted } from '../../../src/data-quality/test-aborted.js';

describe('literals of test parameters', () => {
  const read: readonly [string, unknown][] = [
    ['["a", "b"]', ['a', 'b']],
    ["['it''s']", undefined],
    ["['it\\'s', \"x\"]", ["it's", 'x']],
    ['(1, 2.5, -3,)', [1, 2.5, -3]],
    ['{True, None, false}', [true, null, false]],
    ['[]', []],
    ['[9007199254740993]', ['9007199254740993']],
    ['["\\u00e9\\n"]', ['é\n']],
    ['[1_000, 1e3, .5]', [1000, 1000, 0.5]],
    ['["a"', undefined],
    ['["a"] x', undefined],
    ['[a]', undefined],
    ['__import__("os")', undefined],
  ];
  for (const [text, value] of read) {
    it(`${text} is ${value === undefined ? 'refused' : JSON.stringify(value)}`, () => {
      if (value === undefined) expect(() => parseLiteral(text)).to.throw(LiteralError);
      else expect(parseLiteral(text)).to.deep.equal(value);
    });
  }

  it('nested a thousand deep are refused, not followed', () => {
    expect(() => parseLiteral('['.repeat(1000))).to.throw(LiteralError, 'nested too deeply');
  });
});

describe('parameters of a test', () => {
  const between = [
    { name: 'minValue', dataType: 'INT', validationRule: { rule: 'LESS_THAN_OR_EQUALS', parameterField: 'maxValue' } },
    { name: 'maxValue', dataType: 'INT' },
    { name: 'kind', optionValues: ['ROWS', 'COUNT'] },
    { name: 'needed', required: true },
  ];
  const check = (values: Record<string, string>): (() => void) => {
    const list = Object.entries(values).map(([name, value]) => ({ name, value }));
    return () => new Parameters(list, between).check();
  };

  it('are checked against the definition of the server, naming the one that is wrong', () => {
    expect(check({ needed: 'x', minValue: '1', maxValue: '2', kind: 'rows' })).to.not.throw();
    expect(check({})).to.throw(TestAborted, 'parameter needed is required and missing.');
    expect(check({ needed: '  ' })).to.throw(TestAborted, 'parameter needed is required');
    expect(check({ needed: 'x', minValue: 'one' })).to.throw(TestAborted, 'parameter minValue is "one", not a number.');
    expect(check({ needed: 'x', minValue: '3', maxValue: '2' })).to.throw(
      TestAborted,
      'parameter minValue is 3; it must be at most maxValue, which is 2.'
    );
    expect(check({ needed: 'x', kind: 'ALL' })).to.throw(TestAborted, 'Allowed: ROWS, COUNT.');
    expect(check({ needed: 'x', minimum: '1' })).to.throw(TestAborted, 'parameter minimum is not one of this test');
  });

  it('that are empty are absent', () => {
    expect(new Parameters([{ name: 'minValue', value: '' }], between).number('minValue')).to.equal(undefined);
  });
});

/** Of MySQL. */
const QUOTES = { backslashIn: `'"` };

describe("a user's statement", () => {
  const passes = [
    'SELECT 1',
    "select * from t where note = '; DROP TABLE t' ;",
    'WITH x AS (SELECT 1) SELECT * FROM x',
    'SELECT load, put, call, "delete" FROM t -- ; DELETE',
    "SELECT REPLACE(a, 'x', 'y'), INSERT('abc', 1, 2, 'x') FROM t",
    'SELECT /* ; INSERT */ update_time FROM t',
    'SHOW TABLES',
  ];
  for (const sql of passes)
    it(`passes: ${sql}`, () => expect(readOnlyQuery(sql, 'x', QUOTES).endsWith(';')).to.equal(false));

  const refused = [
    '',
    'DELETE FROM t',
    'SELECT 1; DROP TABLE canary',
    'SELECT 1;; SELECT 2',
    'WITH x AS (SELECT 1) DELETE FROM t',
    'WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x',
    'SELECT * INTO OUTFILE "/tmp/x" FROM t',
    "SELECT 1 /*! INTO OUTFILE '/tmp/x' */",
    'SELECT * FROM t FOR UPDATE',
    'SELECT * FROM t FOR NO KEY UPDATE',
    'SELECT * FROM t FOR SHARE',
    'SELECT id FROM t LOCK IN SHARE MODE',
    'EXPLAIN ANALYZE DELETE FROM t',
    'PRAGMA writable_schema = 1',
    'CALL p()',
  ];
  for (const sql of refused)
    it(`is refused: ${sql}`, () => {
      expect(() => readOnlyQuery(sql, 'sqlExpression', QUOTES)).to.throw(TestAborted, 'sqlExpression');
    });
});

describe('a text that ends in a backslash', () => {
  const sql = String.raw`SELECT * FROM t WHERE path = 'C:\'; DELETE FROM canary --'`;
  const other = String.raw`SELECT * FROM t WHERE path = 'C:\' OR note = 'a;b'`;

  it('ends there where a backslash is a character, and goes on where it is an escape', () => {
    expect(() => readOnlyQuery(sql, 'x', { backslashIn: '' })).to.throw(TestAborted, 'more than one statement');
    expect(readOnlyQuery(sql, 'x', { backslashIn: `'"` })).to.equal(sql);
    expect(readOnlyQuery(other, 'x', { backslashIn: '' })).to.equal(other);
    expect(() => readOnlyQuery(other, 'x', { backslashIn: `'"` })).to.throw(TestAborted, 'more than one statement');
  });
});

describe('a template of the rule library', () => {
  const parameters = new Parameters([{ name: 'limit', value: "1' OR '1'='1" }], [{ name: 'limit' }, { name: 'other' }]);
  const names = {
    table: '`main`.`t`',
    backslashIn: '',
    column: '`c`',
    parameter: (_name: string, value: string, context: string) =>
      context === 'bare' ? `'${value.replaceAll("'", "''")}'` : value.replaceAll("'", "''"),
  };
  const fill = (template: string): string => fillTemplate(template, parameters, names);

  it('gets table, column and values, each where it stands', () => {
    expect(fill('SELECT COUNT(*) FROM {{ table_name }} WHERE {{column_name}} > {{ limit }}')).to.equal(
      "SELECT COUNT(*) FROM `main`.`t` WHERE `c` > '1'' OR ''1''=''1'"
    );
    expect(fill(String.raw`p = '\' AND x > {{ limit }}`)).to.match(/x > '1'' OR ''1''=''1'$/);
    expect(fill("x = '{{ limit }}'")).to.equal("x = '1'' OR ''1''=''1'");
  });

  it('is nothing but names: filters, statements, comments, unknown names and missing values are refused', () => {
    for (const template of ['{% if x %}', '{{ limit | upper }}', '{# x #}', '{{ limit.__class__ }}', '{{ 7*7 }}'])
      expect(() => fill(template), template).to.throw(TestAborted);
    expect(() => fill('{{ nope }}')).to.throw(TestAborted, 'nope, which is not one of its parameters');
    expect(() => fill('{{ other }}')).to.throw(TestAborted, 'parameter other, which its SQL names, is missing');
  });
});
