import { expect } from 'chai';
import { LookUpCache, type FoundTable, TableFinder } from '../../../src/lineage/index.js';
import { HttpTransport, inlineToken, OpenMetadataClient, type Transport } from '../../../src/openmetadata/index.js';
import { edgesCatalog, type EdgesCatalog } from './catalog.js';

describe('tables of the catalog', () => {
  let om: EdgesCatalog;
  let calls: string[];
  let client: OpenMetadataClient;
  let now: number;

  before(async () => {
    om = await edgesCatalog();
    for (let n = 0; n < 60; n += 1) await om.add(`s.default.shop.t${n}`);
    await om.add('s.default.shop.Odd');
    const inner = new HttpTransport({
      hostPort: om.catalog.hostPort,
      token: inlineToken(om.catalog.token),
      userAgent: 'test',
    });
    const transport: Transport = {
      request: (method, path, options) => {
        calls.push(path);
        return inner.request(method, path, options);
      },
      close: () => inner.close(),
    };
    client = new OpenMetadataClient({ transport });
  });
  after(async () => {
    await client.close();
    await om.close();
  });
  beforeEach(() => {
    calls = [];
    now = Date.UTC(2026, 0);
  });

  const finder = (cache = new LookUpCache<FoundTable>(() => now)): TableFinder =>
    new TableFinder(client, ['s'], { dialect: 'mysql', folding: 'as-written' }, new AbortController().signal, cache);
  const names = (...tables: readonly string[]): { parts: string[]; database: string }[] =>
    tables.map((table) => ({ parts: ['shop', table], database: 'default' }));
  const many = names(...Array.from({ length: 50 }, (_, n) => `t${n}`), 'ODD', 'nothing');

  it('are listed when many of a schema are named, and known case, unknown names and all, without further calls', async () => {
    const found = await finder().findAll(many);
    expect(found.map((tables) => tables.length)).to.deep.equal([...Array.from({ length: 51 }, () => 1), 0]);
    expect(found[50]?.[0]?.fqn).to.equal('s.default.shop.Odd');
    expect(calls).to.have.length(2);
  });

  it('are asked for by name when few are named', async () => {
    await finder().findAll(names('t1', 't2'));
    expect(calls.sort()).to.deep.equal(['/tables/name/s.default.shop.t1', '/tables/name/s.default.shop.t2']);
  });

  it('are looked up once a run, the unknown ones too, until that is old', async () => {
    const cache = new LookUpCache<FoundTable>(() => now);
    await finder(cache).findAll(names('t1', 'nothing', 't1'));
    const before = calls.length;
    const [known, unknown] = await finder(cache).findAll(names('t1', 'nothing'));
    expect(calls).to.have.length(before);
    expect([known?.length, unknown?.length]).to.deep.equal([1, 0]);
    now += 11 * 60_000;
    await finder(cache).findAll(names('t1'));
    expect(calls.length).to.be.above(before);
  });

  it('are not guessed from a name that more than ten tables bear', async () => {
    for (let n = 0; n < 11; n += 1) await om.add(`s.default.copy${n}.same`);
    expect((await finder().findAll([{ parts: ['same'] }]))[0]).to.deep.equal([]);
    expect((await finder().findAll([{ parts: ['copy3', 'same'] }]))[0]).to.have.length(1);
  });

  it('of a schema that is not there are none', async () => {
    const elsewhere = many.map((name) => ({ ...name, parts: ['gone', name.parts[1] ?? ''] }));
    expect((await finder().findAll(elsewhere)).flat()).to.deep.equal([]);
  });
});
