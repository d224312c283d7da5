import { expect } from 'chai';
import { toResult } from '../../../src/data-quality/index.js';
import { tableFactsOf } from '../../../src/data-quality/server-records.js';
import { partitionOf } from '../../../src/measures/index.js';
import { sessionFor } from '../../../src/sources/index.js';
import { tableOf } from './diff-lab.js';
import { ENGINES, type Engine } from './engines.js';
import { makeCase, NOW, runCases } from './run-cases.js';

const IN_SET = { allowedValues: '["ANN", "bOB", "Cy"]', matchEnum: 'true' };
const CASES: readonly (readonly [test: string, parameters: Record<string, string>, result: RegExp, failed?: number])[] =
  [
    ['columnValuesToBeInSet', IN_SET, /^Success: Found countInSet=4\./],
    ['columnValuesToBeNotInSet', { forbiddenValues: '["aNN"]' }, /^Failed: Found countInSet=2\./, 2],
    ['columnValuesMissingCount', { missingCountValue: '2', missingValueMatch: '["ANN"]' }, /^Success/],
    ['columnValuesToBeUnique', {}, /^Failed: Found valuesCount=4 vs\. uniqueCount=2\./, 2],
    ['columnValuesToMatchRegex', { regex: '^[ABC]' }, /^Success: Found 4 value/],
  ];

/** The account doesn't have the extension's schema in its search_path. */
describe('Texts without case of PostgreSQL (citext)', () => {
  let engine: Engine;

  before(async function () {
    if (!ENGINES.postgres.available()) this.skip();
    this.timeout(60_000);
    engine = await ENGINES.postgres.start();
    await engine.run(`CREATE SCHEMA ext; CREATE EXTENSION citext SCHEMA ext; CREATE DOMAIN shop.word AS ext.citext; CREATE DOMAIN shop.citext AS text;
CREATE TABLE shop.people (name ext.citext, own shop.word, plain text, like_it shop.citext);
INSERT INTO shop.people VALUES ('ann', 'ann', 'ann', 'ann'), ('Ann', 'Ann', 'Ann', 'Ann'), ('BOB', 'BOB', 'BOB', 'BOB'), ('cy', 'cy', 'cy', 'cy')`);
  });
  after(() => engine?.stop());

  const catalog = tableOf('pg.postgres.shop.people', [
    { name: 'name', dataType: 'TEXT', dataTypeDisplay: 'citext' },
    { name: 'own', dataType: 'TEXT', dataTypeDisplay: 'word' },
    { name: 'plain', dataType: 'TEXT', dataTypeDisplay: 'text' },
    { name: 'like_it', dataType: 'TEXT', dataTypeDisplay: 'citext' },
  ]);

  for (const column of ['name', 'own'])
    for (const [test, parameters, result, failed] of CASES)
      it(`${test} of ${column === 'own' ? 'a domain over it' : 'it'} takes no case`, async () => {
        const parameterValues = Object.entries(parameters).map(([name, value]) => ({ name, value }));
        const rows = { table: engine.ref('people'), isView: false };
        const made = makeCase(test, test, { column, parameterValues });
        const [found] = await runCases(engine, rows, tableFactsOf(catalog), [made]);
        if (found === undefined) throw new Error('no result');
        const { testCaseStatus, result: text, failedRows } = toResult(found.outcome, NOW);
        expect(`${testCaseStatus}: ${text}`).to.match(result);
        if (failed === undefined) return;
        expect(failedRows).to.equal(failed);
        expect(found.failedRows?.rows.map(([name]) => String(name).toLowerCase())).to.deep.equal(['ann', 'ann']);
      });

  it('a domain over a text takes case, although its name is citext', async () => {
    for (const [test, parameters, result] of [
      ['columnValuesToBeInSet', IN_SET, /: Found countInSet=0\./],
      ['columnValuesMissingCount', { missingCountValue: '1', missingValueMatch: '["aNN", "Ann"]' }, /^Success/],
      ['columnValuesToBeUnique', {}, /^Success/],
      ['columnValuesToMatchRegex', { regex: '^[ABC]' }, /^Failed: Found 2 value/],
    ] as const) {
      const parameterValues = Object.entries(parameters).map(([name, value]) => ({ name, value }));
      const rows = { table: engine.ref('people'), isView: false };
      const made = makeCase(test, test, { column: 'like_it', parameterValues });
      const [found] = await runCases(engine, rows, tableFactsOf(catalog), [made]);
      if (found === undefined) throw new Error('no result');
      const { testCaseStatus, result: text } = toResult(found.outcome, NOW);
      expect(`${testCaseStatus}: ${text}`, test).to.match(result);
    }
  });

  it('has the rows of a partition by values, and of a dimension, whatever their case', async () => {
    const { source, context } = engine;
    const { columns } = tableFactsOf(catalog);
    const counts = async (display: boolean): Promise<unknown[]> => {
      const session = await source.session(context);
      const found = [];
      for (const { name, ...column } of columns) {
        const measured = { name, dataType: 'TEXT' as const, ...(display ? { display: column.display ?? '' } : {}) };
        const keys = {
          partitionColumnName: name,
          partitionIntervalType: 'COLUMN-VALUE',
          partitionValues: ['ANN', 'bob'],
        };
        const where = partitionOf(keys, [measured], NOW, 'people', source.dialect)?.where;
        for (const each of [
          ...(where === undefined ? [] : [where]),
          { op: 'shown', column: measured, cells: ['Ann'] } as const,
        ]) {
          const rows = { table: engine.ref('people'), isView: false, where: each };
          const [row] = await sessionFor(session, rows).rows(`SELECT COUNT(*) ${source.dialect.from(rows, 'all')}`);
          found.push(Number(row?.[0]));
        }
      }
      await session.close();
      return found;
    };
    expect(await counts(true)).to.deep.equal([3, 2, 3, 2, 0, 1, 0, 1]);
    expect(await counts(false)).to.deep.equal([3, 2, 3, 2, 0, 1, 0, 1]);
  });
});
