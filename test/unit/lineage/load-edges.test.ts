import { expect } from 'chai';
import { ContainerFinder, pathsOf } from '../../../src/lineage/container-finder.js';
import { loadEdges, type LoadLine } from '../../../src/lineage/load-edges.js';
import { PermanentError, TransientError } from '../../../src/errors/index.js';
import { countsOf, PartRecorder } from '../../../src/report/index.js';
import { type LogRecord } from '../../../src/sources/index.js';
import { EdgesLab } from './edges-lab.js';
import type { LineageRun, RunSettings } from './lineage-run.js';

describe('edges from containers', () => {
  let lab: EdgesLab;

  before(async () => {
    lab = await EdgesLab.open();
    await lab.om.add('s.db.raw.orders');
    await lab.om.add('s.db.raw.items');
    await put('services/storageServices', { name: 'lake', serviceType: 'S3' });
    await container('bucket', 's3://bucket');
    await container('exports', 's3://bucket/exports/');
    await container('Upper', 's3://bucket/Exports/daily');
    await container('google', 'gs://other/in');
    // As the table is called: the two are told apart by what they are.
    await put('services/storageServices', { name: 's', serviceType: 'S3' });
    await put('containers', { name: 'raw', service: 's', fullPath: 's3://twice/x' });
    await container('twin', 's3://twice/x');
  });
  after(() => lab.close());

  async function put(path: string, body: object): Promise<void> {
    const response = await fetch(`${lab.om.catalog.hostPort}/v1/${path}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${lab.om.catalog.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status, await response.text()).to.equal(201);
  }
  const container = (name: string, fullPath: string): Promise<void> =>
    put('containers', { name, service: 'lake', fullPath });
  const load = (location: string, table = 'orders'): LogRecord => ({
    kind: 'load',
    location,
    to: ['db', 'raw', table],
  });
  const lineage = (settings?: RunSettings): LineageRun => lab.lineage(settings);
  const sourcesOf = async (locations: readonly string[], settings?: RunSettings): Promise<string[]> =>
    (await (await lineage(settings).through(locations.map((each) => load(each)))).edges()).map(({ from }) => from);

  it('begin at the container of the path, else of the longest path above it, whose case counts', async () => {
    expect(await sourcesOf(['s3://bucket/exports/'])).to.deep.equal(['lake.exports']);
    expect(await sourcesOf(['s3://bucket/exports/2024/05/'])).to.deep.equal(['lake.exports']);
    expect(await sourcesOf(['s3://bucket/exports_old/', 's3://bucket/EXPORTS/daily'])).to.deep.equal(['lake.bucket']);
    expect(await sourcesOf(['gcs://other/in/x.csv'])).to.deep.equal(['lake.google']);
    expect(await sourcesOf(['s3://twice/x/'])).to.deep.equal(['lake.twin', 's.raw']);
  });

  it('are none where no container holds the location: counted and named, and no partial success', async () => {
    const run = await lineage().through([
      load('s3://nowhere/a/'),
      load('s3://nowhere/a/', 'items'),
      load('s3://bucket/'),
    ]);
    expect(await run.edges()).to.have.length(1);
    expect((await run.facts('merged')).notes.join()).to.contain(
      '2 loads of tables from external locations have no container in the catalog'
    );
    const none = await lineage().through([load('azure://account.blob.core.windows.net/nothing/')]);
    const { notes, incomplete } = await none.facts('merged');
    expect(incomplete).to.equal(undefined);
    expect(notes.join())
      .to.contain('1 load of a table from an external location has no container')
      .and.contain('azure://account.blob.core.windows.net/nothing/ into db.raw.orders');
  });

  it('are none when the catalog can not be searched for containers, which is said and ends no run', async () => {
    const recorder = new PartRecorder();
    const finder = { findAll: (names: readonly unknown[]) => Promise.resolve(names.map(() => [])) };
    const search = (error: Error): Pick<ContainerFinder, 'findAll'> => ({ findAll: () => Promise.reject(error) });
    const load: LoadLine = { kind: 'load', location: 's3://b/', to: ['d', 's', 't'] };
    const { lines, left } = await loadEdges([load], finder, search(new PermanentError('no such index')), recorder);
    expect([lines, left.count]).to.deep.equal([[], 1]);
    expect(recorder.take().notes.join()).to.contain('no such index');
    const passing = new TransientError('busy');
    const thrown = await loadEdges([load], finder, search(passing), recorder).catch((error: unknown) => error);
    expect(thrown).to.equal(passing);
  });

  it('into tables that the catalog does not know are none, and the table is named', async () => {
    const run = await lineage().through([load('s3://bucket/', 'gone')]);
    expect(await run.edges()).to.deep.equal([]);
    expect((await run.facts('merged')).notes.join()).to.contain('db.raw.gone');
  });

  it('are let through by patterns that the table fits, whatever the container is called', async () => {
    const only = (pattern: string): RunSettings => ({
      filters: { databaseFilterPattern: { includes: ['^db$'] }, tableFilterPattern: { includes: [pattern] } },
    });
    expect(await sourcesOf(['s3://bucket/'], only('^orders$'))).to.deep.equal(['lake.bucket']);
    expect(await sourcesOf(['s3://bucket/'], only('^items$'))).to.deep.equal([]);
    const without: RunSettings = { filters: { databaseFilterPattern: { excludes: ['bucket'] } } };
    expect(await sourcesOf(['s3://bucket/'], without)).to.deep.equal(['lake.bucket']);
  });

  it('are published once, without columns, and left alone by the next run', async () => {
    const records = [load('s3://bucket/exports/'), load('s3://bucket/exports/more/'), load('s3://bucket/', 'items')];
    const first = await lineage().through(records);
    await first.publish();
    expect(countsOf(await first.facts('published'), 'sink')).to.include({ records: 2, errors: 0 });
    const ends = [{ fqn: 'lake.exports', type: 'container' }, { fqn: 's.db.raw.orders' }] as const;
    const stored = await lab.om.client.lineage.getEdgeByName(...ends);
    expect(stored).to.include({ source: 'QueryLineage' }).and.deep.include({ columnsLineage: [] });
    const again = await lineage().through(records);
    await again.publish();
    expect(countsOf(await again.facts('published'), 'sink')).to.include({ records: 0, updated: 0, unchanged: 2 });
    const table = encodeURIComponent('s.db.raw.orders');
    const page = await (await fetch(`${lab.om.catalog.url}/table/${table}`)).text();
    expect(page).to.contain('Upstream').and.contain('lake.exports');
  });
});

describe('the look-up of containers', () => {
  it('asks once a location, for all paths that may hold it', async () => {
    const asked: string[][] = [];
    const containers = {
      findByPaths: (paths: readonly string[]) => {
        asked.push([...paths]);
        return Promise.resolve([]);
      },
    };
    const finder = new ContainerFinder({ containers }, new AbortController().signal);
    await finder.findAll(['s3://b/x/', 's3://b/x/', 's3://c/']);
    await finder.findAll(['s3://b/x/']);
    expect(asked).to.deep.equal([
      ['s3://b/x', 's3://b/x/', 's3://b', 's3://b/'],
      ['s3://c', 's3://c/'],
    ]);
  });

  it('knows how storage services write the schemes of stages, and leaves what is no URL', () => {
    expect(pathsOf('gcs://b/x/')).to.deep.equal(['gcs://b/x', 'gs://b/x', 'gcs://b', 'gs://b']);
    expect(pathsOf('s3gov://b/')).to.deep.equal(['s3gov://b', 's3://b']);
    expect(pathsOf('@db.schema.stage/x')).to.deep.equal([]);
  });
});
