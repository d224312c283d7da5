import { expect } from 'chai';
import type { TableFacts } from '../../../src/data-quality/index.js';
import { heldRows } from '../../../src/measures/index.js';
import { ENGINES, type Engine } from './engines.js';
import { makeCase, runCases } from './run-cases.js';

const COLLATIONS = ['latin1_swedish_ci', 'latin1_bin', 'ascii_general_ci', 'cp1251_general_cs', 'utf8mb4_bin'] as const;
const VALUES = ['Abc', 'abc', 'a', 'x?', 'x', null];
const MARIADB = Object.values(ENGINES).find(({ name }) => name === 'MariaDB');

/** Values and patterns, and how many rows meet them where case counts, and where it doesn't. */
const SETS: readonly (readonly [values: readonly string[], exact: number, caseless: number])[] = [
  [['€ur', 'ж', '東'], 0, 0],
  [['abc', '東'], 1, 2],
  [['ă', '東'], 0, 0],
  [['ABC', 'x東', 'x'], 1, 3],
];
const PATTERNS: readonly (readonly [pattern: string, exact: number, caseless: number])[] = [
  ['^[a東]', 2, 3],
  ['東', 0, 0],
  ['^(abc|東)$', 1, 2],
];

describe('Texts whose characters a column can not hold, on MariaDB', () => {
  let engine: Engine;
  before(async function () {
    if (MARIADB?.available() !== true) return this.skip();
    this.timeout(180_000);
    engine = await MARIADB.start();
  });
  after(() => engine?.stop());

  for (const collation of COLLATIONS)
    it(`are in no row of ${collation}, and the others in theirs`, async () => {
      const table = `narrow_${collation}`;
      const path = engine.source.dialect.tablePath(engine.ref(table));
      await engine.run(`CREATE TABLE ${path} (c VARCHAR(9) COLLATE ${collation})`);
      for (const value of VALUES)
        await engine.run(`INSERT INTO ${path} VALUES (${value === null ? 'NULL' : `'${value}'`})`);
      const facts: TableFacts = {
        fqn: `shop.default.main.${table}`,
        columns: [{ name: 'c', dataType: 'VARCHAR', tags: [] }],
      };
      const at = collation.endsWith('_ci') ? 2 : 1;
      const of = (definition: string, parameter: string, value: string): ReturnType<typeof makeCase> =>
        makeCase(definition, `${definition} ${value}`, {
          ...{ column: 'c', parameterValues: [{ name: parameter, value }] },
        });
      const cases = [
        ...SETS.flatMap(([values]) => [
          of('columnValuesToBeInSet', 'allowedValues', JSON.stringify(values)),
          of('columnValuesToBeNotInSet', 'forbiddenValues', JSON.stringify(values)),
        ]),
        ...PATTERNS.flatMap(([pattern]) => [
          of('columnValuesToMatchRegex', 'regex', pattern),
          of('columnValuesToNotMatchRegex', 'forbiddenRegex', pattern),
        ]),
      ];
      const found = await runCases(engine, { table: engine.ref(table), isView: false }, facts, cases);
      const counts = found.map(({ outcome }) => Number(/\d+/.exec(outcome.text)?.[0] ?? NaN));
      expect(counts).to.deep.equal([
        ...SETS.flatMap((set) => [set[at], set[at]]),
        ...PATTERNS.flatMap((pattern) => [pattern[at], pattern[at]]),
      ]);
    });

  it("compares those that it can hold by the column's own collation", async () => {
    const table = 'narrow_accents';
    const path = engine.source.dialect.tablePath(engine.ref(table));
    await engine.run(`CREATE TABLE ${path} (c VARCHAR(9) COLLATE latin1_swedish_ci, e VARCHAR(9) COLLATE utf8mb3_bin)`);
    await engine.run(`INSERT INTO ${path} VALUES ('É', 'É'), ('e', 'e'), ('ä', 'ä'), (NULL, NULL)`);
    const facts: TableFacts = {
      fqn: `shop.default.main.${table}`,
      columns: ['c', 'e'].map((name) => ({ name, dataType: 'VARCHAR', tags: [] })),
    };
    const counts = async (partitionValues?: readonly string[]): Promise<readonly number[]> => {
      const cases = ['c', 'e'].map((column) =>
        makeCase('columnValuesToBeNotInSet', column, {
          ...{ column, parameterValues: [{ name: 'forbiddenValues', value: '["É", "東", "😀"]' }] },
        })
      );
      const all = { table: engine.ref(table), isView: false };
      const session = await engine.source.session(engine.context);
      const column = { name: 'c', dataType: 'VARCHAR' as const };
      const rows = await heldRows({
        ...{ dialect: engine.source.dialect, ask: (sql) => session.rows(sql) },
        rows: partitionValues === undefined ? all : { ...all, where: { op: 'in', column, values: partitionValues } },
      });
      await session.close();
      const found = await runCases(engine, rows, facts, cases);
      return found.map(({ outcome }) => Number(/\d+/.exec(outcome.text)?.[0] ?? NaN));
    };
    expect(await counts()).to.deep.equal([2, 1]);
    expect(await counts(['É', '東']), 'a partition of such values').to.deep.equal([2, 1]);
    expect(await counts(['東'])).to.deep.equal([0, 0]);
  });
});
