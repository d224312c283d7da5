import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { expect } from 'chai';
import type { RunReport } from '../../../src/contract/run-report.js';
import { startMetadataRuns, type MetadataRuns, type RecipeSource } from '../../services/metadata-run.js';

/** Each begins with a run over `FIXTURE`: 8 entities with the database and its schema. */
interface SqliteDeletionCase {
  readonly name: string;
  /** What happens before the later runs: statements, or what becomes of the file. */
  readonly then: string | ((file: string) => void);
  readonly repeat?: number;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly laterConfig?: Readonly<Record<string, unknown>>;
  readonly laterConnection?: Readonly<Record<string, unknown>>;
  readonly maxDeletedPercent?: number;
  /** With a pipeline, without one, or both (default). */
  readonly pipeline?: boolean;
  /** Between the listing of the last run and its deletions. */
  readonly during?: string;
  /** Marked deleted in the end, below `<service>.default.main`. */
  readonly marked: readonly string[];
  /** Of the last run; `success` when absent, `refused` when it does not begin. */
  readonly state?: 'partialSuccess' | 'refused';
  readonly says?: string;
}

const FIXTURE =
  'CREATE TABLE a (id); CREATE TABLE b (id); CREATE TABLE c (id); CREATE TABLE d (id); CREATE TABLE e (id); CREATE VIEW v AS SELECT id FROM b;';
const ALL = { markDeletedSchemas: true, markDeletedDatabases: true };

const CASES: readonly SqliteDeletionCase[] = [
  { name: 'a dropped table', then: 'DROP TABLE a', marked: ['a'] },
  { name: 'a dropped table once, however often the run is repeated', then: 'DROP TABLE a', repeat: 3, marked: ['a'] },
  { name: 'a dropped view', then: 'DROP VIEW v', marked: ['v'] },
  { name: 'a renamed table', then: 'ALTER TABLE a RENAME TO z', marked: ['a'] },
  { name: 'no table made again', then: 'DROP TABLE a; CREATE TABLE a (id, more)', marked: [] },
  { name: 'no table that became a view', then: 'DROP TABLE a; CREATE VIEW a AS SELECT id FROM b', marked: [] },
  {
    name: 'no table that comes back between the listing and the deletions',
    then: 'DROP TABLE a',
    during: 'CREATE TABLE a (id)',
    marked: [],
  },
  { name: 'no table without its flag', then: 'DROP TABLE a', config: { markDeletedTables: false }, marked: [] },
  {
    name: 'no table that a pattern leaves out',
    then: 'DROP TABLE b; DROP VIEW v',
    laterConfig: { tableFilterPattern: { excludes: ['^a$'] } },
    marked: ['b', 'v'],
  },
  {
    name: 'nothing of a file of 0 bytes',
    config: ALL,
    then: (file) => writeFileSync(file, ''),
    repeat: 3,
    marked: [],
    state: 'partialSuccess',
    says: 'shows no table and no procedure at all',
  },
  {
    name: 'everything of a file of 0 bytes when the recipe allows it',
    then: (file) => writeFileSync(file, ''),
    maxDeletedPercent: 100,
    marked: ['a', 'b', 'c', 'd', 'e', 'v'],
  },
  {
    name: 'nothing when the file is not there',
    config: ALL,
    then: (file) => rmSync(file),
    repeat: 2,
    marked: [],
    state: 'refused',
  },
  {
    name: 'nothing of a file that is no database any more',
    config: ALL,
    then: (file) => writeFileSync(file, 'not a database, but long enough to look like one'.repeat(50)),
    marked: [],
    state: 'refused',
  },
  {
    name: 'nothing of another label',
    config: ALL,
    then: '',
    laterConnection: { database: 'other' },
    repeat: 2,
    marked: [],
  },
  {
    name: 'nothing of another label, however much may go',
    config: ALL,
    then: '',
    laterConnection: { database: 'other' },
    maxDeletedPercent: 100,
    marked: [],
  },
  {
    name: 'a fifth where another file stands in its place',
    pipeline: true,
    then: (file) => {
      rmSync(file);
      execute(file, 'CREATE TABLE other (id)');
    },
    marked: ['a'],
    state: 'partialSuccess',
    says: 'held back',
  },
  {
    name: 'nothing where another file stands in its place and no run remembers the ones before',
    pipeline: false,
    then: (file) => {
      rmSync(file);
      execute(file, 'CREATE TABLE other (id)');
    },
    marked: [],
    state: 'partialSuccess',
    says: 'held back',
  },
];

function execute(file: string, statements: string): void {
  const database = new Database(file);
  database.exec(statements);
  database.close();
}

/** Runs against files, each case with a file and a service of its own. */
describe('Of a SQLite file is marked deleted', () => {
  let folder: string;
  let runs: MetadataRuns;
  let made = 0;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sqlite-deletions-'));
    runs = await startMetadataRuns();
  });
  after(async () => {
    await runs?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const each of CASES) {
    for (const pipeline of each.pipeline === undefined ? [true, false] : [each.pipeline])
      it(`${each.name} (${pipeline ? 'with' : 'without'} a pipeline)`, () => play(each, pipeline));
  }

  describe('ten of 28 when twelve are gone, and no more in the night after', () => {
    const tables = Array.from({ length: 26 }, (_, n) => `t${n}`);
    let source: RecipeSource;
    const pipeline = true;

    beforeEach(async () => {
      made += 1;
      const file = join(folder, `lite${made}.db`);
      source = { type: 'sqlite', serviceName: `lite${made}`, connection: { type: 'SQLite', databaseMode: file } };
      execute(file, tables.map((name) => `CREATE TABLE ${name} (id);`).join(''));
      await runs.run(source, { pipeline });
      execute(
        file,
        tables
          .map((name) => `DROP TABLE ${name};`)
          .slice(0, 12)
          .join('')
      );
    });
    afterEach(async () => {
      const report = await runs.run(source, { pipeline });
      expect(await runs.deleted(source.serviceName)).to.have.lengthOf(10);
      expect(report.reasons?.[0]?.error).to.include('10 went in the runs before').and.include('held back: 2');
    });

    it('of a run that reached its end', () => runs.run(source, { pipeline }));
    it('of a run that was cancelled after its deletions', () => runs.run(source, { pipeline, ends: 'cancelled' }));
    it('of a run that was killed after its deletions', async () => {
      await runs.run(source, { pipeline, ends: 'killed' }).catch(() => undefined);
    });
    it('of two runs at once', async () => {
      await runs.run(source, { pipeline, beforeDeletions: async () => void (await runs.run(source, { pipeline })) });
    });
    it('of a run that another staging store took over from one that was lost', async () => {
      await runs.run(source, { pipeline, loses: 'store' });
    });
    it('of a run whose staging stores were all lost', async () => {
      await runs.run(source, { pipeline, loses: 'run' });
    });
  });

  it('never more than the share by two runs that decide at the same moment and miss different things', async () => {
    made += 1;
    const service = `lite${made}`;
    const tables = Array.from({ length: 26 }, (_, n) => `t${n}`);
    const sources = ['one', 'other'].map((host): RecipeSource => {
      const file = join(folder, `${service}-${host}.db`);
      execute(file, tables.map((name) => `CREATE TABLE ${name} (id);`).join(''));
      return { type: 'sqlite', serviceName: service, connection: { type: 'SQLite', databaseMode: file } };
    });
    const [one, other] = sources;
    if (one === undefined || other === undefined) throw new Error('two hosts');
    await runs.run(one, { pipeline: true });
    const drop = (host: RecipeSource, names: readonly string[]): void =>
      execute(String(host.connection['databaseMode']), names.map((name) => `DROP TABLE ${name};`).join(''));
    drop(one, tables.slice(0, 6));
    drop(other, tables.slice(6, 12));

    // Both have published what they saw before either looks for what is gone.
    let waiting = 0;
    let release = (): void => undefined;
    const both = new Promise<void>((resolve) => (release = resolve));
    const beforeDeletions = async (): Promise<void> => {
      waiting += 1;
      if (waiting === 2) release();
      await both;
    };
    await Promise.all(sources.map((source) => runs.run(source, { pipeline: true, beforeDeletions })));
    expect(await runs.deleted(service)).to.have.lengthOf.within(4, 10);
  });

  async function play(each: SqliteDeletionCase, pipeline: boolean): Promise<void> {
    made += 1;
    const service = `lite${made}`;
    const file = join(folder, `${service}.db`);
    const source = (
      more: Partial<Record<'connection' | 'config', Readonly<Record<string, unknown>>>>
    ): RecipeSource => ({
      type: 'sqlite',
      serviceName: service,
      connection: { type: 'SQLite', databaseMode: file, ...more.connection },
      config: { ...each.config, ...more.config },
    });
    const { maxDeletedPercent, during } = each;
    const options = { pipeline, ...(maxDeletedPercent === undefined ? {} : { maxDeletedPercent }) };
    execute(file, FIXTURE);
    await runs.run(source({}), options);
    expect(await runs.live(service)).to.have.lengthOf(8);

    if (typeof each.then === 'function') each.then(file);
    else execute(file, each.then);
    let report: RunReport | undefined;
    let refused: unknown;
    for (let n = 0; n < (each.repeat ?? 1); n += 1) {
      const later = source({ connection: each.laterConnection ?? {}, config: each.laterConfig ?? {} });
      const beforeDeletions = async (): Promise<void> => execute(file, during ?? '');
      const run = runs.run(later, { ...options, ...(during === undefined ? {} : { beforeDeletions }) });
      report = await run.catch((error: unknown) => void (refused = error));
    }
    const text = JSON.stringify(report ?? String(refused));
    const marked = (await runs.deleted(service)).map((fqn) => fqn.replace(`${service}.default.main.`, ''));
    expect(marked.sort(), text).to.deep.equal([...each.marked].sort());
    expect(report === undefined ? 'refused' : report.state, text).to.equal(each.state ?? 'success');
    if (each.says === undefined) return;
    expect((report?.reasons ?? []).map(({ error }) => error).join('\n'), text).to.include(each.says);
    if (pipeline) expect(JSON.stringify(await runs.lastStatus(service))).to.include('"incomplete"');
  }
});
