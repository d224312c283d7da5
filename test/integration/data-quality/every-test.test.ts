import { expect } from 'chai';
import { RULE_NAMES, toResult, type FoundCase, type TableFacts } from '../../../src/data-quality/index.js';
import { BUILT_IN_TESTS } from '../../../src/local-catalog/seed/test-definitions.js';
import { ENGINES, type Engine } from './engines.js';
import { EXPECTED, STATES, type DefinitionExpectations } from './expectations.js';
import { makeCase, NOW, runCases } from './run-cases.js';

const ROWS = [
  "(1, 10, 'a', 'A-1', '2026-11-27 11:00:00.000')",
  "(2, 20, 'bb', 'A-2', '2026-11-27 06:00:00.000')",
  "(3, 30, 'ccc', 'B-3', '2026-11-26 12:00:00.000')",
  "(4, 40, 'dd', 'A-4', '2026-10-28 12:00:00.000')",
  "(5, 50, 'dd', 'A-5', '2025-01-01 00:00:00.000')",
  "(6, NULL, NULL, '', NULL)",
];
const TYPES = ['INTEGER', 'INTEGER', 'VARCHAR(20)', 'VARCHAR(20)', 'DATETIME'];
const FACTS: TableFacts['columns'] = [
  { name: 'id', dataType: 'INT', tags: [] },
  { name: 'qty', dataType: 'INT', tags: [] },
  { name: 'name', dataType: 'VARCHAR', tags: [] },
  { name: 'code', dataType: 'VARCHAR', tags: [] },
  { name: 'at', dataType: 'DATETIME', tags: [] },
];

describe('every built-in test', () => {
  it('has an expectation for every state', () => {
    const elsewhere = ['tableDiff'];
    expect([...Object.keys(EXPECTED), ...elsewhere].sort()).to.deep.equal([...RULE_NAMES].sort());
    expect(RULE_NAMES).to.have.members([...BUILT_IN_TESTS.keys()]);
  });

  for (const kind of Object.values(ENGINES)) {
    describe(`on ${kind.name}`, () => {
      let engine: Engine;
      let found: Map<string, FoundCase>;
      let statements: number;

      before(async function () {
        if (!kind.available()) this.skip();
        this.timeout(180_000);
        engine = await kind.start();
        const path = (table: string): string => engine.source.dialect.tablePath(engine.ref(table));
        const quote = (name: string): string => engine.source.dialect.quote(name);
        const columns = FACTS.map(({ name }, at) => `${quote(name)} ${TYPES[at] ?? ''}`).join(', ');
        for (const table of ['items', 'nothing']) await engine.run(`CREATE TABLE ${path(table)} (${columns})`);
        await engine.run(`INSERT INTO ${path('items')} VALUES ${ROWS.join(', ')}`);
        found = new Map();
        engine.statements();
        for (const table of ['items', 'nothing']) {
          const cases = Object.entries(EXPECTED).flatMap(([definition, expected]) =>
            STATES.filter((state) => (state === 'empty') === (table === 'nothing')).map((state) => {
              const { parameters = {}, column = expected.column } = expected[state];
              return makeCase(definition, `${definition} ${state}`, {
                ...(column === undefined ? {} : { column }),
                parameterValues: Object.entries(parameters).map(([name, value]) => ({
                  name,
                  value: value.replace(/\{(\w+)\}/g, (_, word: string) =>
                    word === 'table' ? path(table) : quote(word)
                  ),
                })),
              });
            })
          );
          const facts = { fqn: `shop.default.main.${table}`, columns: FACTS };
          for (const each of await runCases(engine, { table: engine.ref(table), isView: false }, facts, cases))
            found.set(each.testCase.name, each);
        }
        statements = engine.statements();
      });
      after(() => engine?.stop());

      for (const [definition, expected] of Object.entries(EXPECTED)) {
        for (const state of STATES) {
          it(`${definition}, ${state}: ${expected[state].status}`, () => {
            check(found.get(`${definition} ${state}`), expected, state);
          });
        }
      }

      it('takes far fewer statements than there are tests', () => {
        // Two tables: aggregates, grouped counts; and the statements of users, rules, failed rows.
        expect(statements).to.be.lessThan(50).and.greaterThan(4);
        expect(found.size).to.equal(Object.keys(EXPECTED).length * STATES.length);
      });
    });
  }
});

function check(found: FoundCase | undefined, expected: DefinitionExpectations, state: (typeof STATES)[number]): void {
  const { status, text, rows, bounds } = expected[state];
  const result = toResult(found?.outcome ?? { status: 'Aborted', text: 'it was not run', values: [] }, NOW);
  if (status === 'Aborted') {
    expect(result.result)
      .to.match(/^Error computing /)
      .and.include(text);
    expect(result.testResultValue.every(({ value }) => value === undefined)).to.equal(true);
  } else expect(result.result).to.equal(text);
  expect(result.testCaseStatus).to.equal(status);
  if (rows !== undefined) expect([result.passedRows, result.failedRows]).to.deep.equal(rows);
  if (bounds !== undefined) expect([result.minBound, result.maxBound]).to.deep.equal(bounds);
  if (state === 'empty') expect(result.passedRows, 'no rows, no counts').to.equal(undefined);
}
