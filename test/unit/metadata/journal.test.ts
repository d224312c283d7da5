import { expect } from 'chai';
import type { JournalLine } from '../../../src/contract/journal.js';
import { extractUnit, listScopes, metadataJournal, publishUnit } from '../../../src/metadata/index.js';
import type { SourceScope } from '../../../src/sources/index.js';
import { collected } from '../staging/collected.js';
import { attemptOn } from '../staging/attempt-on.js';
import { FakeCatalog } from './fake-catalog.js';
import { FakeSource, table } from './fake-source.js';
import { publishInput } from './publish-input.js';
import { temporaryStore, type TemporaryStore } from './temporary-store.js';
import { ALL_OPTIONS, EVERYTHING } from '../../conformance/everything.js';

const slice = (stage: string): { run: string; stage: string; slice: string } => ({ run: 'run', stage, slice: '0' });
const SCOPES: SourceScope[] = [
  { kind: 'database', name: 'd' },
  { kind: 'schema', database: 'd', name: 's', weight: 1 },
  {
    kind: 'unselected',
    entity: 'schema',
    database: 'd',
    schema: 'tmp',
    reason: 'filtered by schemaFilterPattern.excludes',
  },
];

describe('The journal of a metadata run', () => {
  let temporary: TemporaryStore;
  let catalog: FakeCatalog;

  beforeEach(async () => {
    temporary = await temporaryStore();
    catalog = new FakeCatalog();
  });
  afterEach(() => temporary.remove());

  const read = async (): Promise<void> => {
    const source = new FakeSource({
      scopes: SCOPES,
      records: {
        'd.s': [
          table('a'),
          table('b'),
          { kind: 'unselected', entity: 'table', name: 'c', reason: 'filtered by tableFilterPattern.includes' },
          { kind: 'problem', entity: 'table', name: 'd', message: 'broken view' },
          table('e'),
        ],
      },
      visibility: 'v',
    });
    const common = {
      ...attemptOn(temporary.store),
      service: 'shop',
      source: async () => source,
      selection: EVERYTHING,
    };
    await listScopes({ ...common, options: { includeTags: true }, to: slice('scopes') });
    const schemas = [{ database: 'd', schema: 's' }];
    await extractUnit({ ...common, schemas, options: ALL_OPTIONS, to: slice('extract') });
  };
  const publish = async (): Promise<void> => {
    const places = { store: temporary.store, catalog, from: slice('extract'), to: slice('publish') };
    await publishUnit(publishInput(places));
  };
  const journal = (): Promise<JournalLine[]> =>
    collected(
      metadataJournal({
        store: temporary.store,
        service: 'shop',
        scopes: slice('scopes'),
        units: [{ extracted: slice('extract'), published: slice('publish') }],
        foreignKeys: slice('foreign-keys'),
        deleted: [slice('deleted')],
      })
    );

  it('says of each entity what became of it, and why it was left out', async () => {
    await read();
    catalog.refused.set('shop.d.s.b', 'Invalid column');
    await publish();
    expect(await journal()).to.deep.equal([
      { fqn: 'shop.d', outcome: 'read' },
      { fqn: 'shop.d.s', outcome: 'read' },
      { fqn: 'shop.d.tmp', outcome: 'filtered', reason: 'filtered by schemaFilterPattern.excludes' },
      { fqn: 'shop.d.s.a', outcome: 'written' },
      { fqn: 'shop.d.s.b', outcome: 'refused', reason: 'Invalid column' },
      { fqn: 'shop.d.s.c', outcome: 'filtered', reason: 'filtered by tableFilterPattern.includes' },
      { fqn: 'shop.d.s.d', outcome: 'failed', reason: 'broken view' },
      { fqn: 'shop.d.s.e', outcome: 'written' },
    ]);
  });

  it('tells what is unchanged', async () => {
    await read();
    await publish();
    await temporary.store.removeRun('run');
    await read();
    await publish();
    const lines = await journal();
    expect(lines.filter(({ outcome }) => outcome === 'unchanged').map(({ fqn }) => fqn)).to.deep.equal([
      'shop.d.s.a',
      'shop.d.s.b',
      'shop.d.s.e',
    ]);
  });

  it('says read of what was not published before the run ended', async () => {
    await read();
    expect((await journal()).filter(({ outcome }) => outcome === 'written')).to.deep.equal([]);
  });
});
