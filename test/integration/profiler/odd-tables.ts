import { expect } from 'chai';
import type { ColumnProfile, CreateTableProfileRequest } from '../../../src/openmetadata/index.js';
import { profileUnit, type ProfileUnitStage } from '../../../src/profiler/index.js';
import { DEFAULT_METRICS, type ProfilerRecipe } from '../../../src/recipe/index.js';
import { failuresOf } from '../../../src/report/index.js';
import type { Engine } from '../data-quality/engines.js';
import { temporaryStore } from '../../unit/metadata/temporary-store.js';
import { attemptOn } from '../../unit/staging/attempt-on.js';

type Column = readonly [name: string, dataType: string];
interface Profiled {
  readonly request?: CreateTableProfileRequest;
  readonly columns: Readonly<Record<string, Partial<ColumnProfile>>>;
  readonly notes: readonly string[];
  readonly failures: readonly string[];
}

/** Tables that are profiled as a unit of a run does it, on one engine. */
export function itProfilesOddTables(engineOf: () => Engine, type: string): void {
  async function profiled(table: string, columns: readonly Column[], entry: object = {}): Promise<Profiled> {
    const engine = engineOf();
    const { database, schema } = engine.ref(table);
    const fqn = `s.${database}.${schema}.${table}`;
    const temporary = await temporaryStore();
    const put: CreateTableProfileRequest[] = [];
    const attempt = attemptOn(temporary.store);
    const { recorder } = attempt;
    const record = {
      ...{ id: '1', name: table, fullyQualifiedName: fqn, tags: [], customMetrics: [] },
      columns: columns.map(([name, dataType]) => ({ name, dataType, tags: [], customMetrics: [] })),
    };
    const notes: string[] = [];
    const failures: string[] = [];
    try {
      await profileUnit({
        ...attempt,
        takeFacts: () => {
          const part = recorder.take();
          notes.push(...part.notes);
          failures.push(...failuresOf(part, 'profiler').map(({ error }) => error));
          return part;
        },
        signal: engine.context.signal,
        client: {
          profiles: {
            table: async () => record,
            hasProfile: async () => false,
            putProfile: async (_: unknown, request: CreateTableProfileRequest) => void put.push(request),
          },
        } as unknown as ProfileUnitStage['client'],
        recipe: {
          kind: 'profiler',
          source: {
            ...{ type, serviceName: 's' },
            sourceConfig: {
              config: {
                computeTableMetrics: true,
                computeColumnMetrics: true,
                metrics: [...DEFAULT_METRICS, 'histogram'],
              },
            },
          },
          processor: { config: { tableConfig: [{ fullyQualifiedName: fqn, ...entry }] } },
          workflowConfig: { config: { profiler: { exactPercentiles: true } } },
        } as unknown as ProfilerRecipe,
        server: undefined,
        tables: [{ fqn, facts: { table, isView: false }, asOf: 1, statements: 1 }],
        source: engine.source,
        openSession: () => engine.source.session(engine.context),
        now: 1,
        timestamp: 1_700_000_000_000,
        profiles: { run: 'r', stage: 'profiles', slice: '0' },
        published: { run: 'r', stage: 'published-profiles', slice: '0' },
      });
    } finally {
      await temporary.remove();
    }
    const [request] = put;
    return {
      ...(request === undefined ? {} : { request }),
      columns: Object.fromEntries((request?.columnProfile ?? []).map((each) => [each.name, each])),
      notes,
      failures,
    };
  }

  describe('a profileQuery', () => {
    const columns = [
      ['A', 'INT'],
      ['B', 'INT'],
      ['C', 'INT'],
    ] as const;
    const path = (): string => engineOf().source.dialect.tablePath(engineOf().ref('QUERIED'));

    before(async () => {
      await engineOf().run(
        `CREATE TABLE ${path()} (A INT, B INT, C INT)`.replace(
          /\b([ABC]) INT/g,
          (_, name: string) => `${engineOf().source.dialect.quote(name)} INT`
        )
      );
      await engineOf().run(`INSERT INTO ${path()} VALUES (1, 2, 3), (4, 5, 6)`);
    });

    it('is measured by the columns that it has; the others are named', async () => {
      const { dialect } = engineOf().source;
      const profileQuery = `SELECT ${dialect.quote('C')}, ${dialect.quote('A')} + 1 AS ${dialect.quote('a')} FROM ${path()}`;
      const found = await profiled('QUERIED', columns, { profileQuery });
      expect(found.failures).to.deep.equal([]);
      expect(found.request?.tableProfile.rowCount).to.equal(2);
      expect(found.columns['A']).to.include({ min: 2, max: 5, sum: 7 });
      expect(found.columns['C']).to.include({ min: 3, max: 6 });
      expect(found.columns).to.not.have.property('B');
      expect(found.notes).to.have.length(1);
      expect(found.notes[0]).to.match(/QUERIED: its profileQuery lacks B, not measured; it has C, a\.$/);
    });

    it('that can not be run is named in the failure', async () => {
      const wrong = await profiled('QUERIED', columns, { profileQuery: 'SELECT nothing_1 FROM nowhere_1' });
      expect(wrong.failures.join()).to.match(/^The profileQuery of s\..*QUERIED can't be used: .+ Mend profileQuery/is);
      const { dialect } = engineOf().source;
      const cut = await profiled('QUERIED', columns, {
        profileQuery: `SELECT ${dialect.quote('A')} FROM ${path()}`,
        partitionConfig: { partitionColumnName: 'B', partitionIntervalType: 'COLUMN-VALUE', partitionValues: [2] },
      });
      expect(cut.failures.join()).to.match(/The profileQuery of .*: the partition of .* is by B, and the query has A/);
    });
  });
}
