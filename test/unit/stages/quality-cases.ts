import { listTests, publishResults, runUnit } from '../../../src/data-quality/index.js';
import type { ResultLine, TestsLine } from '../../../src/data-quality/staged-lines.js';
import { toLines, type SliceAddress } from '../../../src/staging/index.js';
import type { MakeCase } from './killed-stage.js';

/** Three lines of this size make a chunk. */
const BIG = 'x'.repeat(170_000);
const NEVER = new AbortController().signal;
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];

const slice = (run: string, stage: string): SliceAddress => ({ run, stage, slice: '0' });

export const tests: MakeCase = async (_store, run) => {
  let held = NAMES.map((name) => ({
    id: name,
    name,
    fullyQualifiedName: `s.d.m.${name}.${name}`,
    entityLink: `<#E::table::s.d.m.${name}>`,
    testDefinition: { id: 'd', type: 'testDefinition', name: name === 'f' ? 'dbt' : 'tableRowCountToEqual' },
    parameterValues: [],
    dimensionColumns: [],
  }));
  const definition = (name: string, platform: string): object => ({
    name,
    entityType: 'TABLE',
    testPlatforms: [platform],
    supportedDataTypes: [],
    parameterDefinition: [],
  });
  const page = async function* <T>(rows: readonly T[]): AsyncGenerator<readonly T[]> {
    yield rows;
  };
  const client = {
    tests: {
      definitions: () => page([definition('tableRowCountToEqual', 'OpenMetadata'), definition('dbt', 'dbt')]),
      suite: async () => ({ id: 'suite' }),
      cases: () => page(held),
      table: async () => undefined,
    },
  } as unknown as Parameters<typeof listTests>[0]['client'];
  const to = slice(run, 'tests');
  const input = { client, serviceName: 'logical', wanted: [], forceUpdate: false, only: [], to, signal: NEVER };
  return {
    to,
    attempt: (attempt) => listTests({ ...attempt, ...input, config: { type: 'TestSuite' } }),
    vanish: (line) => {
      const { cases } = JSON.parse(line) as TestsLine;
      held = held.filter(({ id }) => id !== cases[0]?.id);
    },
  };
};

/** Of a table that is gone: every case has its Aborted result, without a database. */
export const testResults: MakeCase = async (_store, run) => {
  const to = slice(run, 'test-results');
  const line = {
    key: 't',
    definitions: [],
    cases: NAMES.map((name) => ({
      id: name,
      name: `${name}${BIG}`,
      fqn: `s.d.m.t.${name}`,
      tableFqn: 's.d.m.t',
      definition: 'tableRowCountToEqual',
      parameterValues: [],
      computePassedFailedRowCount: false,
      useDynamicAssertion: false,
      dimensionColumns: [],
      topDimensions: 5,
    })),
  } satisfies TestsLine;
  return {
    to,
    attempt: (attempt) =>
      runUnit({
        ...attempt,
        line,
        to,
        services: {} as Parameters<typeof runUnit>[0]['services'],
        client: {} as Parameters<typeof runUnit>[0]['client'],
        config: { type: 'TestSuite' },
        startedAt: 1,
        storeSamples: true,
        signal: NEVER,
      }),
  };
};

/** The catalog keeps one result of a case and time, as OpenMetadata does. */
export const publishedResults: MakeCase = async (store, run) => {
  const from = slice(run, 'test-results');
  const to = slice(run, 'published-results');
  const line = (name: string): ResultLine => ({
    caseId: name,
    caseFqn: name,
    result: { timestamp: 1, testCaseStatus: 'Success', result: 'r', testResultValue: [] },
  });
  for (let n = 0; n < 3; n += 1)
    await store.commit(from, { n, lines: toLines(NAMES.slice(3 * n, 3 * n + 3).map(line)), last: n === 2 });
  const there = new Set<string>();
  const client = {
    tests: {
      postResult: async (fqn: string) => {
        const known = there.has(fqn);
        there.add(fqn);
        return known ? 'was there' : 'added';
      },
    },
  } as unknown as Parameters<typeof publishResults>[0]['client'];
  return {
    to,
    attempt: (attempt) => publishResults({ ...attempt, client, from, to, lanes: 2, signal: NEVER }),
  };
};
