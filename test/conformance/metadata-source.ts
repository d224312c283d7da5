/**
 * What every connector's metadata source does, whatever the engine. A connector's integration test gives a harness
 * around a real server (or file) and runs this suite beside tests of its own:
 *
 *     describeMetadataSource('MySQL connector', async () => harness);
 */
import { expect } from 'chai';
import { compareNames } from '../../src/sources/common/binary-order.js';
import type {
  MetadataSource,
  ReadPosition,
  SchemaRef,
  Selection,
  SourceContext,
  SourceRecord,
  SourceScope,
} from '../../src/sources/index.js';
import { collect, countingContext, drain, failureOf, type SourceHarness } from './source-harness.js';
import { ALL_OPTIONS, EVERYTHING } from './everything.js';

export * from './source-harness.js';

export function describeMetadataSource(title: string, start: () => Promise<SourceHarness>): void {
  describe(`${title} (conformance)`, () => {
    let harness: SourceHarness;
    const opened: MetadataSource[] = [];

    before(async () => {
      harness = await start();
    });
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((source) => source.close()));
    });
    after(() => harness.stop());

    async function open(
      context: SourceContext = countingContext(),
      from: Pick<SourceHarness, 'open'> = harness
    ): Promise<MetadataSource> {
      const source = await from.open(context);
      opened.push(source);
      return source;
    }

    async function readAll(source: MetadataSource, after?: ReadPosition): Promise<SourceRecord[]> {
      return collect(source.read(harness.schema, EVERYTHING, ALL_OPTIONS, after));
    }

    describe('scopes', () => {
      it('lists a database before its schemas, the same way each time', async () => {
        const source = await open();
        const first = await collect(source.scopes(EVERYTHING));
        const databases = new Set<string>();
        for (const scope of first) {
          if (scope.kind === 'database') databases.add(scope.name);
          else expect(databases.has(scope.database), `database of ${JSON.stringify(scope)} comes first`).to.equal(true);
        }
        expect(first.filter((scope) => isSchema(scope, harness.schema))).to.have.length(1);
        expect(await collect(source.scopes(EVERYTHING))).to.deep.equal(first);
      });

      it('weighs a schema by what it holds', async () => {
        const scopes = await collect((await open()).scopes(EVERYTHING));
        const schema = scopes.find((scope) => isSchema(scope, harness.schema));
        expect(schema).to.have.property('weight').that.is.at.least(5);
      });

      it('says of a database or schema that the recipe leaves out only that', async () => {
        const source = await open();
        const noSchema = await collect(source.scopes({ ...EVERYTHING, schema: () => 'left out by the test' }));
        expect(noSchema.filter((scope) => scope.kind === 'schema')).to.deep.equal([]);
        expect(noSchema).to.deep.include({
          kind: 'unselected',
          entity: 'schema',
          ...harness.schema,
          reason: 'left out by the test',
        });
        const noDatabase = await collect(source.scopes({ ...EVERYTHING, database: () => 'left out by the test' }));
        expect(noDatabase.map((scope) => scope.kind)).to.have.members(['unselected']);
        expect(noDatabase.map((scope) => (scope.kind === 'unselected' ? scope.entity : ''))).to.have.members([
          'database',
        ]);
      });
    });

    describe('read', () => {
      it('gives tables, then procedures, each in binary order of their names and once', async () => {
        const records = await readAll(await open());
        const parts = records.map(partOf);
        expect(parts.lastIndexOf('tables')).to.be.lessThan(firstIndexOr(parts, 'procedures', records.length));
        for (const part of ['tables', 'procedures'] as const) {
          const names = records.filter((record) => partOf(record) === part).map((record) => record.name);
          expect(names).to.deep.equal([...new Set(names)].sort(compareNames));
        }
        const kinds = new Map(records.map((record) => [record.name, record.kind]));
        expect(kinds.get(harness.tableName)).to.equal('table');
        expect(kinds.get(harness.viewName)).to.equal('table');
        if (harness.procedureName !== undefined) expect(kinds.get(harness.procedureName)).to.equal('procedure');
      });

      it('resumes after any record as if it had never stopped', async () => {
        const source = await open();
        const whole = await readAll(source);
        for (const [index, record] of whole.entries()) {
          const rest = await readAll(source, { part: partOf(record), name: record.name });
          expect(rest, `behind ${record.name}`).to.deep.equal(whole.slice(index + 1));
        }
      });

      it('keeps keys and foreign keys to columns that the table has', async () => {
        for (const record of await readAll(await open())) {
          if (record.kind !== 'table') continue;
          const columns = record.columns.map((column) => column.name);
          expect(columns, record.name).to.deep.equal([...new Set(columns)]);
          for (const key of [record.primaryKey ?? [], ...(record.uniqueKeys ?? [])]) {
            expect(columns, record.name).to.include.members([...key]);
          }
          for (const key of record.foreignKeys ?? []) {
            expect(columns, record.name).to.include.members([...key.columns]);
            expect(key.referred.columns, record.name).to.have.length(key.columns.length);
          }
        }
      });

      it('gives every column a type as text and a length of at least 1', async () => {
        for (const record of await readAll(await open())) {
          for (const column of record.kind === 'table' ? record.columns : []) {
            expect(column.dataTypeDisplay, `${record.name}.${column.name}`).to.not.equal('');
            expect(column.dataLength ?? 1, `${record.name}.${column.name}`).to.be.at.least(1);
          }
        }
      });

      it('gives the text of a view', async () => {
        const view = (await readAll(await open())).find((record) => record.name === harness.viewName);
        expect(view).to.have.property('tableType', 'View');
        expect(view)
          .to.have.property('definition')
          .that.matches(/select/i);
      });

      it('lists what the recipe leaves out, in its place, with the reason and nothing more', async () => {
        const source = await open();
        const all = await readAll(source);
        const selection: Selection = {
          ...EVERYTHING,
          table: (_database, _schema, name) => (name === harness.tableName ? 'not this one' : undefined),
        };
        const some = await collect(source.read(harness.schema, selection, ALL_OPTIONS));
        const expected = all.map((record) =>
          record.name === harness.tableName && partOf(record) === 'tables'
            ? { kind: 'unselected', entity: 'table', name: record.name, reason: 'not this one' }
            : record
        );
        expect(some).to.deep.equal(expected);
      });

      it('tells the selection which names are views', async () => {
        const views: string[] = [];
        const selection: Selection = {
          ...EVERYTHING,
          table: (_database, _schema, name, kind) => {
            if (kind === 'view') views.push(name);
            return undefined;
          },
        };
        await collect((await open()).read(harness.schema, selection, ALL_OPTIONS));
        expect(views).to.include(harness.viewName).and.not.include(harness.tableName);
      });

      it('reads no procedures when the recipe wants none', async () => {
        const records = await collect(
          (await open()).read(harness.schema, EVERYTHING, { ...ALL_OPTIONS, includeStoredProcedures: false })
        );
        expect(records.map(partOf)).to.not.include('procedures');
      });

      it('sends as many statements for 60 tables as for 3', async () => {
        const counts: number[] = [];
        for (const tables of [3, 60]) {
          const made = await harness.makeTables(tables);
          const context = countingContext();
          const source = await open(context, made);
          const before = context.statements();
          const records = await collect(source.read(made.ref, EVERYTHING, ALL_OPTIONS));
          expect(records).to.have.length(tables);
          counts.push(context.statements() - before);
        }
        expect(counts[1]).to.equal(counts[0]);
      });

      it('throws for a schema that is not there: an empty listing would empty the catalog', async () => {
        const source = await open();
        const missing = { ...harness.schema, schema: 'no_such_schema_here' };
        expect(await failureOf(collect(source.read(missing, EVERYTHING, ALL_OPTIONS)))).to.be.instanceOf(Error);
      });

      it('can be left in the middle and read again from the start', async () => {
        const source = await open();
        const whole = await readAll(source);
        const reading = source.read(harness.schema, EVERYTHING, ALL_OPTIONS)[Symbol.asyncIterator]();
        expect((await reading.next()).value).to.deep.equal(whole[0]);
        await reading.return?.();
        expect(await readAll(source)).to.deep.equal(whole);
      });

      it('throws the reason when it is aborted, and can still be closed', async () => {
        const context = countingContext();
        const source = await open(context);
        const reading = source.read(harness.schema, EVERYTHING, ALL_OPTIONS)[Symbol.asyncIterator]();
        await reading.next();
        context.abort();
        const failure = await failureOf(drain(reading));
        if (failure !== undefined) expect(failure).to.equal(context.signal.reason);
        expect(await failureOf(collect(source.read(harness.schema, EVERYTHING, ALL_OPTIONS)))).to.equal(
          context.signal.reason
        );
      });
    });

    describe('what is still there', () => {
      it('knows the names that exist, exactly as they are written', async () => {
        const source = await open();
        const names = [harness.viewName, 'no_such_table', harness.tableName];
        const there = await source.stillThere(harness.schema, 'table', names);
        expect([...there].sort()).to.deep.equal([harness.tableName, harness.viewName].sort());
        if (harness.procedureName !== undefined) {
          const routines = [harness.procedureName, 'no_such_routine'];
          expect(await source.stillThere(harness.schema, 'procedure', routines)).to.deep.equal([harness.procedureName]);
        }
        expect(await source.stillThere(harness.schema, 'table', [])).to.deep.equal([]);
      });

      it('misses a table that was dropped since the listing', async () => {
        const made = await harness.makeTables(3);
        const source = await open(countingContext(), made);
        const names = (await collect(source.read(made.ref, EVERYTHING, ALL_OPTIONS))).map((record) => record.name);
        const [dropped = ''] = names;
        await made.drop(dropped);
        expect(await source.stillThere(made.ref, 'table', names)).to.deep.equal(names.slice(1));
      });

      it('knows databases and schemas that exist', async () => {
        const source = await open();
        const { database, schema } = harness.schema;
        // Where a database's name is a label of the recipe, others may be in use as well.
        expect(await source.scopesStillThere(undefined, [database, 'no_such_database'])).to.include(database);
        expect(await source.scopesStillThere(database, [schema, 'no_such_schema'])).to.deep.equal([schema]);
      });
    });

    it('gives the same short visibility to the same user', async () => {
      const source = await open();
      const first = await source.visibility();
      expect(first.length).to.be.within(1, 256);
      expect(await (await open()).visibility()).to.equal(first);
    });

    it('starts its check with the connection, and passes every mandatory step', async () => {
      const results = await collect(harness.check(countingContext(), ALL_OPTIONS));
      expect(results[0]).to.include({ name: 'connection', passed: true, mandatory: true });
      expect(results.filter((result) => result.mandatory && !result.passed)).to.deep.equal([]);
    });
  });
}

function isSchema(scope: SourceScope, ref: SchemaRef): boolean {
  return scope.kind === 'schema' && scope.database === ref.database && scope.name === ref.schema;
}

function partOf(record: SourceRecord): ReadPosition['part'] {
  if (record.kind === 'table') return 'tables';
  if (record.kind === 'procedure') return 'procedures';
  return record.entity === 'table' ? 'tables' : 'procedures';
}

function firstIndexOr(parts: readonly string[], part: string, otherwise: number): number {
  const index = parts.indexOf(part);
  return index < 0 ? otherwise : index;
}
