import { runUnit, ServiceMeasures } from '../../../src/data-quality/index.js';
import { stagedTable } from '../../../src/data-quality/list-tests.js';
import { definitionOf } from '../../../src/data-quality/server-records.js';
import type { OpenService } from '../../../src/data-quality/service-measures.js';
import type { ResultLine, TestsLine } from '../../../src/data-quality/staged-lines.js';
import { BUILT_IN_TESTS } from '../../../src/local-catalog/seed/test-definitions.js';
import {
  tableUnderTestRecord,
  testDefinitionRecord,
  type TableUnderTestRecord,
} from '../../../src/openmetadata/index.js';
import { sessionFor, type MeasureSession } from '../../../src/sources/index.js';
import { attemptOn } from '../../unit/staging/attempt-on.js';
import { temporaryStore, type TemporaryStore } from '../../unit/metadata/temporary-store.js';
import type { Engine } from './engines.js';

/** A table of the catalog, by its FQN, with its columns as OpenMetadata has them. */
export function tableOf(fqn: string, columns: readonly object[]): TableUnderTestRecord {
  const [service = '', , , name = ''] = fqn.split('.');
  return tableUnderTestRecord.parse({
    id: fqn,
    name,
    fullyQualifiedName: fqn,
    columns,
    service: { id: service, type: 'databaseService', name: service },
  });
}

export interface Comparison {
  readonly one: TableUnderTestRecord;
  readonly other: TableUnderTestRecord;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly partRows?: number;
  /** Attempts before the last are ended behind so many staged entries. */
  readonly killedBehind?: readonly number[];
}

/** Statements of all comparisons: rows that sums have, and rows that others fetched. */
export interface Fetched {
  statements: number;
  sums: number;
  rows: number;
}

class Killed extends Error {}

/** Runs tableDiff as a worker does, on services by their names. */
export class DiffLab {
  readonly fetched: Fetched = { statements: 0, sums: 0, rows: 0 };
  /** Of the report, from all comparisons. */
  readonly notes: string[] = [];
  #runs = 0;

  private constructor(
    private readonly engines: Readonly<Record<string, Engine>>,
    private readonly temporary: TemporaryStore
  ) {}

  static async open(engines: Readonly<Record<string, Engine>>): Promise<DiffLab> {
    return new DiffLab(engines, await temporaryStore());
  }

  close(): Promise<void> {
    return this.temporary.remove();
  }

  /** The result of the last attempt. */
  async compare({
    one,
    other,
    parameters = {},
    partRows,
    killedBehind = [],
  }: Comparison): Promise<ResultLine['result']> {
    this.#runs += 1;
    const to = { run: `diff${this.#runs}`, stage: 'test-results', slice: '0' };
    const line = lineOf(one, 'tableDiff', { table2: other.fullyQualifiedName, ...parameters });
    const { store } = this.temporary;
    for (const behind of [...killedBehind, Infinity]) {
      let entries = 0;
      const attempt = attemptOn(store, () => {
        entries += 1;
        if (entries >= behind) throw new Killed();
      });
      try {
        await this.#withServices((services) =>
          runUnit({
            ...attempt,
            takeFacts: () => {
              const facts = attempt.recorder.take();
              this.notes.push(...facts.notes);
              return facts;
            },
            line,
            to,
            services,
            client: { tests: { table: async () => other } } as unknown as Parameters<typeof runUnit>[0]['client'],
            config: { type: 'TestSuite' },
            startedAt: Date.UTC(2026, 10, 27),
            storeSamples: true,
            signal: new AbortController().signal,
            ...(partRows === undefined ? {} : { partRows }),
          })
        );
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
    }
    for (const entry of await store.manifest(to))
      if (entry.chunk !== undefined) for (const value of await store.read(entry)) return (value as ResultLine).result;
    throw new Error('no result');
  }

  async #withServices(work: (services: Pick<ServiceMeasures, 'service'>) => Promise<unknown>): Promise<void> {
    const [first] = Object.values(this.engines);
    if (first === undefined) throw new Error('no engines');
    const services = new ServiceMeasures(async (name) => {
      const connection = this.engines[name]?.connection;
      if (connection === undefined) throw new Error(`no service ${name}`);
      return connection;
    }, first.context);
    const counted = async (name: string): Promise<OpenService> => {
      const service = await services.service(name);
      return { ...service, session: async () => this.#counted(await service.session()) };
    };
    try {
      await work({ service: counted });
    } finally {
      await services.close();
    }
  }

  #counted(session: MeasureSession): MeasureSession {
    return {
      rows: (sql) => session.rows(sql),
      close: () => session.close(),
      hidesRows: async (table) => (await sessionFor(session, { table }).hidesRows?.(table)) === true,
      query: async (sql, limit) => {
        const answer = await session.query(sql, limit);
        this.fetched.statements += 1;
        this.fetched[sql.startsWith('SELECT b, COUNT(*), SUM(r)') ? 'sums' : 'rows'] += answer.rows.length;
        return answer;
      },
    };
  }
}

/** One test of a table, as it is staged. @param test the definition's name */
export function lineOf(
  table: TableUnderTestRecord,
  test: string,
  parameters: Readonly<Record<string, string>>
): TestsLine {
  const fqn = table.fullyQualifiedName;
  const definition = { ...BUILT_IN_TESTS.get(test), id: 'd', name: test };
  return {
    key: 'one',
    table: stagedTable(table),
    definitions: [definitionOf(testDefinitionRecord.parse(definition))],
    cases: [
      {
        id: 'c',
        name: 'same',
        fqn: `${fqn}.same`,
        tableFqn: fqn,
        definition: test,
        parameterValues: Object.entries(parameters).map(([name, value]) => ({ name, value })),
        computePassedFailedRowCount: true,
        useDynamicAssertion: false,
        dimensionColumns: [],
        topDimensions: 5,
      },
    ],
  };
}
