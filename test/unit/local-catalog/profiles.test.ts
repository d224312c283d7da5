import { expect } from 'chai';
import { CatalogUnderTest } from './catalog-under-test.js';

describe('Profiles in the local catalog', () => {
  let server: CatalogUnderTest;
  let id = '';
  const T = 1_700_000_000_000;

  before(async () => {
    server = await CatalogUnderTest.start();
    await server.call('PUT', '/services/databaseServices', { name: 's', serviceType: 'Mysql' });
    await server.call('PUT', '/databases', { name: 'd', service: 's' });
    await server.call('PUT', '/databaseSchemas', { name: 'm', database: 's.d' });
    const columns = [
      { name: 'a', dataType: 'INT' },
      { name: 'b', dataType: 'VARCHAR', dataLength: 5 },
    ];
    id = (await server.call('PUT', '/tables', { name: 't', databaseSchema: 's.d.m', columns })).textAt('id');
  });
  after(() => server.close());

  const put = (body: unknown) => server.call('PUT', `/tables/${id}/tableProfile`, body);

  it('are stored and answered by time, newest first; the same time again is one more', async () => {
    for (const [time, rows] of [
      [T, 1],
      [T + 5, 2],
      [T + 5, 3],
    ] as const)
      expect(
        (
          await put({
            tableProfile: { timestamp: time, rowCount: rows },
            columnProfile: [{ name: 'a', timestamp: time, min: rows }],
          })
        ).status
      ).to.equal(200);
    const all = await server.call('GET', `/tables/s.d.m.t/tableProfile?startTs=${T}&endTs=${T + 5}`);
    expect(all.at('paging', 'total')).to.equal(3);
    expect(all.at('data', 0, 'rowCount')).to.equal(3);
    const first = await server.call('GET', `/tables/s.d.m.t.a/columnProfile?startTs=${T}&endTs=${T}`);
    expect(first.at('data')).to.deep.equal([{ name: 'a', timestamp: T, min: 1 }]);
    const latest = await server.call('GET', '/tables/s.d.m.t/tableProfile/latest');
    expect(latest.at('profile', 'timestamp')).to.equal(T + 5);
  });

  it('with seconds for milliseconds, an unknown key or an unknown column are refused', async () => {
    expect((await put({ tableProfile: { timestamp: 1_700_000_000 } })).status).to.equal(400);
    expect((await put({ tableProfile: { timestamp: T, rows: 1 } })).status).to.equal(400);
    const unknown = await put({ tableProfile: { timestamp: T + 9 }, columnProfile: [{ name: 'x', timestamp: T + 9 }] });
    expect(unknown.status).to.equal(400);
    const kept = await server.call('GET', `/tables/s.d.m.t/tableProfile?startTs=${T + 9}`);
    expect(kept.at('paging', 'total'), 'what came before it stays').to.equal(1);
  });

  it('have custom metrics, which a PATCH and a PUT of the table keep', async () => {
    for (const columnName of [undefined, 'a'])
      await server.call('PUT', `/tables/${id}/customMetric`, {
        name: 'cnt',
        expression: 'select count(*) from t',
        columnName,
      });
    const tag = [{ op: 'add', path: '/columns/0/description', value: 'first' }];
    expect((await server.call('PATCH', `/tables/${id}`, tag)).status).to.equal(200);
    const columns = [
      { name: 'a', dataType: 'INT' },
      { name: 'b', dataType: 'VARCHAR', dataLength: 5 },
    ];
    await server.call('PUT', '/tables', { name: 't', databaseSchema: 's.d.m', columns });
    const kept = await server.call('GET', `/tables/${id}?fields=columns,customMetrics`);
    expect(kept.at('customMetrics', 0, 'name')).to.equal('cnt');
    expect(kept.at('columns', 0, 'customMetrics', 0, 'name')).to.equal('cnt');
    expect(kept.at('columns', 0, 'description')).to.equal('first');
  });

  it('of the system are one a time and operation', async () => {
    for (const rowsAffected of [1, 2])
      await put({
        tableProfile: { timestamp: T + 20 },
        systemProfile: [{ timestamp: T, operation: 'INSERT', rowsAffected }],
      });
    const { data } = (await server.call('GET', '/tables/s.d.m.t/systemProfile')).body as { data: unknown[] };
    expect(data).to.deep.equal([{ timestamp: T, operation: 'INSERT', rowsAffected: 2 }]);
  });

  it('have samples of at most 50 rows, cut at 5,000 characters', async () => {
    const rows = Array.from({ length: 60 }, (_, at) => [at, 'x'.repeat(6_000)]);
    await server.call('PUT', `/tables/${id}/sampleData`, { columns: ['a', 'b'], rows });
    const sample = await server.call('GET', `/tables/${id}/sampleData`);
    expect((sample.at('sampleData', 'rows') as unknown[]).length).to.equal(50);
    expect(sample.textAt('sampleData', 'rows', 0, 1)).to.have.length(5_000);
  });

  it('have samples whose numbers keep all their digits', async () => {
    const rows =
      '[[9007199254740993,null],[0.12345678901234567891,"9007199254740993"],[-12345678901234567890.12345,0.1]]';
    const json = `{"columns":["a","b"],"rows":${rows}}`;
    const put = await server.call('PUT', `/tables/${id}/sampleData`, json);
    expect(put.text).to.contain(`"sampleData":${json}`);
    expect((await server.call('GET', `/tables/${id}/sampleData`)).text).to.contain(`"sampleData":${json}`);
  });

  it('are of the partition that is stored, whose numbers keep all their digits', async () => {
    const values = '[9007199254740993,7,"9007199254740993",9007199254740993.01,0.5]';
    const range = '"partitionIntegerRangeStart":9223372036854775807,"partitionIntegerRangeEnd":-9007199254740993';
    const config = `{"partitioning":{"enablePartitioning":true,"partitionValues":${values},${range}}}`;
    const put = await server.call('PUT', `/tables/${id}/tableProfilerConfig`, config);
    expect(put.text).to.contain(`"tableProfilerConfig":${config}`);
    const edit = [{ op: 'add', path: '/description', value: 'edited' }];
    expect((await server.call('PATCH', `/tables/${id}`, edit)).status).to.equal(200);
    const fields = 'fields=tableProfilerConfig';
    for (const path of [`/tables/${id}?${fields}`, `/tables?${fields}`, `/tables/name/s.d.m.t?${fields}`])
      expect((await server.call('GET', path)).text, path).to.contain(`"tableProfilerConfig":${config}`);
    expect((await server.call('GET', `/tables/${id}/sampleData`)).text).to.contain(config);
  });

  it('are of a partition that a PUT or a PATCH of the table stored, with all digits as well', async () => {
    const columns = '"columns":[{"name":"a","dataType":"INT"},{"name":"b","dataType":"VARCHAR","dataLength":5}]';
    const of = (value: string): string => `{"partitioning":{"partitionValues":[${value}]}}`;
    const first = of('9007199254740993');
    const body = `{"name":"u","databaseSchema":"s.d.m",${columns},"tableProfilerConfig":${first}}`;
    const made = await server.call('PUT', '/tables', body);
    expect(made.text).to.contain(first);
    const found = async (): Promise<string> =>
      (await server.call('GET', '/tables/name/s.d.m.u?fields=tableProfilerConfig')).text;
    expect(await found()).to.contain(first);
    for (const [path, value, now] of [
      ['', of('9007199254740995'), '9007199254740995'],
      ['/partitioning/partitionValues/0', '9007199254740997.25', '9007199254740997.25'],
      ['/partitioning', '{"partitionValues":[9223372036854775807]}', '9223372036854775807'],
    ] as const) {
      const edit = `[{"op":"replace","path":"/tableProfilerConfig${path}","value":${value}}]`;
      const patched = await server.call('PATCH', `/tables/${made.textAt('id')}`, edit);
      expect(patched.status, patched.text).to.equal(200);
      expect(await found()).to.contain(of(now));
    }
    const elsewhere = `{"name":"u","databaseSchema":"s.d.m",${columns.replace(':5', ':90071992547409931')}}`;
    expect((await server.call('PUT', '/tables', elsewhere)).text, 'a double, as ever').not.to.contain('09931');
    expect(await found(), 'a PUT without it keeps it').to.contain('9223372036854775807');
  });

  for (const [path, fqn, key, body] of [
    ['databases', 's.d', 'databaseProfilerConfig', { name: 'd', service: 's' }],
    ['databaseSchemas', 's.d.m', 'databaseSchemaProfilerConfig', { name: 'm', database: 's.d' }],
    ['tables', 's.d.m.v', 'tableProfilerConfig', { name: 'v', databaseSchema: 's.d.m', columns: [] }],
  ] as const)
    it(`are made as ${key} says, which is put, read and deleted by itself`, async () => {
      const of = (await server.call('PUT', `/${path}`, body)).textAt('id');
      const url = `/${path}/${of}/${key}`;
      const config = { sampleDataCount: 7, profileSampleConfig: { sampleConfigType: 'STATIC', config: {} } };
      expect((await server.call('GET', url)).at(key)).to.equal(undefined);
      const put = await server.call('PUT', url, config);
      expect(put.status, put.text).to.equal(200);
      expect(put.at(key)).to.deep.equal(config);
      const edit = [{ op: 'add', path: '/description', value: 'edited' }];
      expect((await server.call('PATCH', `/${path}/${of}`, edit)).status).to.equal(200);
      await server.call('PUT', `/${path}`, body);
      expect((await server.call('GET', url)).at(key), 'after a PATCH and a PUT').to.deep.equal(config);
      expect((await server.call('GET', `/${path}/name/${fqn}`)).at(key), 'when asked for alone').to.equal(undefined);
      const asked = await server.call('GET', `/${path}/name/${fqn}?fields=${key}`);
      expect(asked.at(key)).to.deep.equal(config);
      expect((await server.call('DELETE', url)).at(key)).to.equal(undefined);
      expect((await server.call('GET', url)).at(key)).to.equal(undefined);
      const none = '00000000-0000-4000-8000-000000000000';
      for (const [method, ...sent] of [['GET'], ['PUT', {}], ['DELETE']] as const)
        expect((await server.call(method, `/${path}/${none}/${key}`, ...sent)).status, method).to.equal(404);
      expect((await server.call('PUT', url, [])).status).to.equal(400);
      const refused = await server.call('PUT', url, { profileSample: 'abc' });
      expect([refused.status, refused.text].join()).to.match(/^400,.*profileSample/);
    });

  it('show as pictures on the page of their table', async () => {
    await put({
      tableProfile: { timestamp: T + 30, rowCount: 9 },
      columnProfile: [
        {
          name: 'a',
          timestamp: T + 30,
          nullProportion: 0.25,
          histogram: { boundaries: ['0 to 1.000', '1.000 and up'], frequencies: [3, 6] },
        },
      ],
    });
    const page = await (await fetch(`${server.catalog.url}/table/s.d.m.t`)).text();
    expect(page).to.contain('25 %').and.to.contain('0 to 1.000: 3').and.to.contain('<polyline');
  });

  it('show how much is NULL where a run only counted', async () => {
    await put({
      tableProfile: { timestamp: T + 31 },
      columnProfile: [
        { name: 'a', timestamp: T + 31, valuesCount: 7, nullCount: 3 },
        { name: 'b', timestamp: T + 31, valuesCount: 0, nullCount: 0 },
      ],
    });
    const page = await (await fetch(`${server.catalog.url}/table/s.d.m.t`)).text();
    expect(page).to.contain('aria-label="30 %"').and.not.to.contain('NaN');
  });

  it('show all digits of values, what is a length, and the last count of rows there is', async () => {
    const columns = [
      { name: 'a', dataType: 'VARCHAR', dataLength: 9 },
      { name: 'b', dataType: 'DECIMAL' },
    ];
    const created = await server.call('PUT', '/tables', { name: 'shown', databaseSchema: 's.d.m', columns });
    const of = created.textAt('id');
    await server.call('PUT', `/tables/${of}/tableProfile`, { tableProfile: { timestamp: T, rowCount: 1234 } });
    await server.call('PUT', `/tables/${of}/tableProfile`, {
      tableProfile: { timestamp: T + 1 },
      columnProfile: [
        { name: 'a', timestamp: T + 1, min: 1, max: 9 },
        { name: 'b', timestamp: T + 1, min: -2520000.25, median: 1 / 3, max: 12345678901234.123 },
      ],
    });
    const page = await (await fetch(`${server.catalog.url}/table/s.d.m.shown`)).text();
    expect(page)
      .to.match(/1[,.]?234 rows on /)
      .and.not.to.contain('>0 rows');
    expect(page).to.contain('length 1<').and.to.contain('length 9<');
    expect(page).to.contain('-2520000.25').and.to.contain('0.333333<').and.to.contain('12345678901234.123');
  });

  it('give doubles that are whole numbers as numbers', async () => {
    const value = 18446744073709552000;
    const created = await server.call('PUT', '/tables', {
      name: 'large',
      databaseSchema: 's.d.m',
      columns: [{ name: 'a', dataType: 'BIGINT' }],
    });
    await server.call('PUT', `/tables/${created.textAt('id')}/tableProfile`, {
      tableProfile: { timestamp: T, customMetrics: [{ name: 'own', value }] },
      columnProfile: [{ name: 'a', timestamp: T, median: value }],
    });
    const found = await server.call('GET', '/tables/s.d.m.large/tableProfile/latest');
    expect(found.at('profile', 'customMetrics', 0, 'value')).to.equal(value);
    const page = await (await fetch(`${server.catalog.url}/table/s.d.m.large`)).text();
    expect(page).to.contain('18446744073709552000');
  });
});
