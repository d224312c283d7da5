import { profileUnit, type ProfileUnitStage } from '../../../src/profiler/index.js';
import type { ProfilerRecipe } from '../../../src/recipe/index.js';
import { failuresOf } from '../../../src/report/index.js';
import { mysqlMeasureDialect } from '../../../src/sources/mysql/measure-dialect.js';
import type { StagingStore } from '../../../src/staging/index.js';
import { attemptOn } from '../staging/attempt-on.js';

export interface UnitAttempt {
  readonly store: StagingStore;
  readonly run: string;
  /** Each planned with one statement. */
  readonly tables: readonly string[];
  readonly metrics: readonly string[];
  /** Of each table, of type INT. */
  readonly columns: readonly string[];
  /** Answers a statement. */
  readonly rows: (sql: string) => Promise<(number | null)[][]>;
  readonly allowance?: ProfileUnitStage['allowance'];
  /** What may end it; anything else is thrown. */
  readonly endsBy: new (message: string) => Error;
  readonly more?: Partial<ProfileUnitStage>;
}

/** What an attempt was seen to do, whatever ended it. */
export interface SeenAttempt {
  /** FQNs of profiles that were put. */
  readonly put: readonly string[];
  readonly failures: readonly string[];
  readonly notes: readonly string[];
  /** Statements that count; absent when it ended by an error. */
  readonly used?: number;
  /** Those that open tables take. */
  readonly left?: number;
  readonly error?: string;
}

/** Attempts a unit of tables of MariaDB, as an activity does. */
export async function attemptUnit(attempt: UnitAttempt): Promise<SeenAttempt> {
  const { store, run, tables, metrics, columns, rows, allowance, endsBy, more } = attempt;
  const seen = { put: new Array<string>(), failures: new Array<string>(), notes: new Array<string>() };
  const own = attemptOn(store);
  const takeFacts = (): object => {
    const facts = own.recorder.take();
    seen.failures.push(...failuresOf(facts, 'profiler').map(({ entity, error }) => `${entity}: ${error}`));
    seen.notes.push(...facts.notes);
    return facts;
  };
  const recordOf = (fqn: string): object => ({
    ...{ id: fqn, name: fqn, fullyQualifiedName: fqn, tags: [], customMetrics: [] },
    columns: columns.map((name) => ({ name, dataType: 'INT', tags: [], customMetrics: [] })),
  });
  const unit = profileUnit({
    ...{ ...own, takeFacts },
    signal: new AbortController().signal,
    client: {
      profiles: {
        table: async (fqn: string) => recordOf(fqn),
        hasProfile: async (fqn: string) => seen.put.includes(fqn),
        putProfile: async ({ fqn }: { fqn: string }) => void seen.put.push(fqn),
      },
    } as unknown as ProfileUnitStage['client'],
    recipe: {
      kind: 'profiler',
      source: {
        type: 'mysql',
        serviceName: 's',
        sourceConfig: { config: { computeTableMetrics: true, computeColumnMetrics: true, metrics } },
      },
      workflowConfig: {},
    } as unknown as ProfilerRecipe,
    server: undefined,
    tables: tables.map((fqn) => ({
      fqn,
      facts: { table: fqn.split('.').at(-1) ?? '', isView: false },
      asOf: 1,
      statements: 1,
    })),
    source: {
      dialect: mysqlMeasureDialect({ flavour: 'MariaDB', major: 10, minor: 11, patch: 0 } as never),
    } as unknown as ProfileUnitStage['source'],
    openSession: async () => ({ rows, query: async () => ({ columns: [], rows: [] }), close: async () => undefined }),
    now: 1,
    timestamp: 1_700_000_000_000,
    ...(allowance === undefined ? {} : { allowance }),
    profiles: { run, stage: 'profiles', slice: '0' },
    published: { run, stage: 'published-profiles', slice: '0' },
    ...more,
  });
  const end = await unit.then(
    ({ statements, left }) => ({ used: statements, ...(left === undefined ? {} : { left }) }),
    (error: unknown) => {
      if (!(error instanceof endsBy)) throw error;
      return { error: error.message };
    }
  );
  return { ...seen, ...end };
}
