import {
  TableSession,
  planCases,
  runTests,
  type FoundCase,
  type TableFacts,
  type TestCase,
  type TestDefinition,
} from '../../../src/data-quality/index.js';
import { definitionOf } from '../../../src/data-quality/server-records.js';
import { BUILT_IN_TESTS } from '../../../src/local-catalog/seed/test-definitions.js';
import { testDefinitionRecord } from '../../../src/openmetadata/index.js';
import type { MeasureSession, RowSet } from '../../../src/sources/index.js';
import type { Engine } from './engines.js';
import { EXPECTED } from './expectations.js';

/** The time of all results. */
export const NOW = Date.UTC(2026, 10, 27, 12);

/** The server's own definitions; rules of the library with the SQL and the parameter of the test. */
function definitions(quote: (name: string) => string, own: string | undefined): Map<string, TestDefinition> {
  return new Map(
    [...BUILT_IN_TESTS].map(([name, body]) => {
      const definition = definitionOf(testDefinitionRecord.parse({ ...body, id: name }));
      const expected = EXPECTED[name]?.template;
      const template = expected === undefined ? undefined : (own ?? expected);
      return [
        name,
        template === undefined
          ? definition
          : { ...definition, sqlExpression: template.replace('{qty}', quote('qty')), parameters: [{ name: 'most' }] },
      ];
    })
  );
}

export function makeCase(definition: string, name: string, more: Partial<TestCase>): TestCase {
  return {
    id: name,
    name,
    fqn: `shop.default.main.items.${name}`,
    tableFqn: 'shop.default.main.items',
    definition,
    parameterValues: [],
    computePassedFailedRowCount: true,
    useDynamicAssertion: false,
    dimensionColumns: [],
    topDimensions: 5,
    ...more,
  };
}

export interface RunCases {
  readonly onWarning?: (text: string) => void;
  /** SQL of the rule library's definitions, instead of the table's of expectations. */
  readonly template?: string;
  /** Gets each statement before it is sent. */
  readonly onSql?: (sql: string) => void;
}

/** A session that tells its statements. */
export function told(session: MeasureSession, onSql: (sql: string) => void): MeasureSession {
  const users = session.forUsersSql?.bind(session);
  return {
    rows: (sql) => (onSql(sql), session.rows(sql)),
    query: (sql, limit) => (onSql(sql), session.query(sql, limit)),
    ...(users === undefined ? {} : { forUsersSql: (table, of) => told(users(table, of), onSql) }),
    close: () => session.close(),
  };
}

/** Runs cases of one table on an engine. */
export async function runCases(
  engine: Engine,
  rows: RowSet,
  facts: TableFacts,
  cases: readonly TestCase[],
  { onWarning = () => undefined, template, onSql = () => undefined }: RunCases = {}
): Promise<FoundCase[]> {
  const { source, context } = engine;
  const session = await source.session(context);
  try {
    const opened = new TableSession({
      session: told(session, onSql),
      dialect: source.dialect,
      rows,
      columns: facts.columns,
      now: NOW,
      signal: context.signal,
    });
    const known = definitions((name) => source.dialect.quote(name), template);
    return await runTests(opened, facts, planCases(cases, known, facts), { storeSamples: true, onWarning });
  } finally {
    await session.close();
  }
}
