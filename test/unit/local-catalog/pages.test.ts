import { get } from 'node:http';
import { expect } from 'chai';
import { CatalogUnderTest, tableRequest } from './catalog-under-test.js';

const S = 'shop.main.sales';

describe('local catalog: pages', () => {
  let server: CatalogUnderTest;
  beforeEach(async () => (server = await (await CatalogUnderTest.start()).withSchema()));
  afterEach(() => server.close());

  const page = async (path: string, status = 200): Promise<string> => {
    const response = await fetch(`${server.catalog.url}${path}`);
    expect(response.status, path).to.equal(status);
    expect(response.headers.get('content-type')).to.equal('text/html; charset=utf-8');
    return (await response.text()).replace(/\s+/g, ' ');
  };
  const tablePage = (name: string): Promise<string> => page(`/table/${encodeURIComponent(`${S}.${name}`)}`);
  /** The first link with this text. */
  const linkTo = (content: string, text: string): string => {
    const href = new RegExp(`href="([^"]+)"[^>]*>\\s*(?:<bdi>)?${text}`).exec(content)?.[1];
    if (href === undefined) throw new Error(`no link to ${text}`);
    return href.replaceAll('&amp;', '&');
  };

  it('say that there is nothing yet, and how to begin', async () => {
    await server.ok('DELETE', '/services/databaseServices/name/shop?recursive=true&hardDelete=true');
    expect(await page('/')).to.include('Nothing here yet');
  });

  it('lead from services over databases, schemas and tables to columns by links, with counts', async () => {
    await server.withTables('orders');
    const home = await page('/');
    expect(home).to.include('1 service<').and.to.include('1 table<');
    let content = home;
    for (const name of ['shop', 'main', 'sales', 'orders']) content = await page(linkTo(content, name));
    expect(content).to.include('<bdi>id</bdi>').and.to.include('varchar');
    for (const name of ['Services', 'shop', 'main', 'sales']) await page(linkTo(content, name));
  });

  it('show a profile with its custom metrics, times of day to the digit, and long and empty texts as such', async () => {
    const columns = [
      { name: 'a', dataType: 'VARCHAR', dataLength: 300 },
      { name: 'z', dataType: 'TIME' },
    ];
    const id = (await server.ok('PUT', '/tables', tableRequest('days', { columns }))).textAt('id');
    const timestamp = 1_700_000_000_000;
    await server.ok('PUT', `/tables/${id}/tableProfile`, {
      tableProfile: { timestamp, rowCount: 3, customMetrics: [{ name: 'late', value: 12.5 }] },
      columnProfile: [
        {
          ...{ name: 'a', timestamp, customMetrics: [{ name: 'odd', value: 7 }] },
          cardinalityDistribution: { categories: ['', 'x'.repeat(256)], counts: [2, 1], percentages: [66.7, 33.3] },
        },
        { name: 'z', timestamp, min: -3020399.999999, max: 0 },
      ],
    });
    const content = await tablePage('days');
    expect(content).to.include('late = 12.5').and.include('odd = 7').and.include('(empty text) 66.7 %');
    expect(content)
      .to.include(`>${'x'.repeat(32)}… 33.3 %`)
      .and.include('-3020399.999999 s');
  });

  it('show descriptions, constraints, foreign keys, definitions and nested columns', async () => {
    await server.withTables('parent');
    const columns = [
      { name: 'id', dataType: 'INT', constraint: 'PRIMARY_KEY', description: 'the key' },
      { name: 'parent', dataType: 'INT', constraint: 'NOT_NULL' },
      { name: 's', dataType: 'STRUCT', children: [{ name: 'x', dataType: 'INT' }] },
    ];
    const tableConstraints = [
      { constraintType: 'FOREIGN_KEY', columns: ['parent'], referredColumns: [`${S}.parent.id`] },
    ];
    const more = { columns, tableConstraints, description: 'one row an order', schemaDefinition: 'select 42' };
    await server.ok('PUT', '/tables', tableRequest('orders', { ...more, tableType: 'View' }));
    const content = await tablePage('orders');
    for (const text of [
      'one row an order',
      'the key',
      'primary key',
      'not null',
      'foreign key',
      'select 42',
      '<bdi>s.x</bdi>',
      'View',
    ]) {
      expect(content, text).to.include(text);
    }
    await page(linkTo(content, `${S}.parent.id`));
  });

  it('list lineage in both directions with columns and SQL, and queries', async () => {
    await server.withTables('a', 'b', 'c');
    const put = (from: string, to: string, details: object): Promise<unknown> =>
      server.ok('PUT', `/lineage/table/name/${S}.${from}/table/name/${S}.${to}`, details);
    const columnsLineage = [{ fromColumns: [`${S}.a.id`], toColumn: `${S}.b.name` }];
    await put('a', 'b', { source: 'ViewLineage', sqlQuery: 'select from_a', columnsLineage });
    await put('b', 'c', { source: 'QueryLineage' });
    const queryUsedIn = [{ id: await server.id('tables', `${S}.b`), type: 'table' }];
    await server.ok('PUT', '/queries', { query: 'select from_query', service: 'shop', queryUsedIn });
    const content = await tablePage('b');
    for (const text of ['Upstream', 'Downstream', 'ViewLineage', 'select from_a', 'select from_query']) {
      expect(content, text).to.include(text);
    }
    expect(content).to.match(/<bdi>id<\/bdi> → <bdi\s*>name<\/bdi/);
    await page(linkTo(content, `${S}.a`));
    await page(linkTo(content, `${S}.c`));
  });

  it('show procedures and pipelines with their last run', async () => {
    const code = { storedProcedureCode: { language: 'SQL', code: 'begin work' } };
    await server.ok('PUT', '/storedProcedures', { name: 'tidy', databaseSchema: S, ...code });
    expect(await page(linkTo(await page(`/databaseSchema/${S}`), 'tidy'))).to.include('begin work');
    const service = { id: await server.id('services/databaseServices', 'shop'), type: 'databaseService' };
    const body = { name: 'nightly', pipelineType: 'metadata', service, sourceConfig: {}, airflowConfig: {} };
    await server.ok('PUT', '/services/ingestionPipelines', body);
    const status = { runId: 'r', pipelineState: 'partialSuccess', startDate: 1_800_000_000_000 };
    await server.ok('PUT', '/services/ingestionPipelines/shop.nightly/pipelineStatus', status);
    const content = await page('/databaseService/shop');
    expect(content).to.include('nightly').and.to.include('partialSuccess').and.to.include('2027-01-15 08:00 UTC');
  });

  it('escape whatever stands in names, descriptions, types and SQL', async () => {
    const evil = '<script>alert("1")</script>&\'x';
    const name = evil.replaceAll('"', '');
    const columns = [{ name, dataType: 'INT', dataTypeDisplay: evil, description: evil }];
    await server.ok('PUT', '/tables', tableRequest(name, { columns, description: evil, schemaDefinition: evil }));
    const pages = [
      await tablePage(name),
      await page(`/databaseSchema/${S}`),
      await page(`/search?q=${encodeURIComponent(evil)}`),
    ];
    for (const content of pages) expect(content).to.include('&lt;script&gt;').and.not.to.include('<script');
    expect(await page(`/table/${encodeURIComponent(`x.${name}`)}`, 404)).not.to.include('<script');
  });

  it('forbid scripts and framing by their headers', async () => {
    const policy = (await fetch(server.catalog.url)).headers.get('content-security-policy');
    expect(policy).to.include("default-src 'none'").and.to.include("frame-ancestors 'none'");
    expect((await fetch(`${server.catalog.url}/style.css`)).headers.get('content-type')).to.equal(
      'text/css; charset=utf-8'
    );
  });

  it('keep right-to-left names and emoji in place', async () => {
    await server.withTables('الطلبات 😀');
    const content = await page(`/databaseSchema/${S}`);
    expect(content).to.include('<bdi>الطلبات 😀</bdi>');
    await page(linkTo(content, 'الطلبات 😀'));
  });

  it('mark what is deleted', async () => {
    await server.withTables('gone');
    await server.ok('DELETE', `/tables/name/${S}.gone`);
    expect(await page(`/databaseSchema/${S}`)).to.include('deleted</span>');
    expect(await tablePage('gone')).to.include('deleted</span>');
  });

  it('page through a schema of many tables, a hundred at a time', async () => {
    await server.withTables(...Array.from({ length: 250 }, (_, index) => `t${String(index).padStart(3, '0')}`));
    let content = await page(`/databaseSchema/${S}`);
    expect(content)
      .to.include('Tables <span class="count">250</span>')
      .and.to.include('t099')
      .and.not.to.include('t100');
    content = await page(linkTo(content, 'Next page'));
    expect(content).to.include('t100').and.to.include('t199').and.not.to.include('t200');
    content = await page(linkTo(content, 'Next page'));
    expect(content).to.include('t249').and.not.to.include('Next page');
    expect(await page(linkTo(content, 'First page'))).to.include('t000');
  });

  it('find by a part of a name in any case, a hundred at a time', async () => {
    await server.withTables('Orders', 'other', ...Array.from({ length: 120 }, (_, index) => `ORDER_${index}`));
    const found = await page('/search?q=order');
    expect(found).to.include('ORDER_0<').and.not.to.include('Orders<');
    expect(found).not.to.include('other<');
    expect(await page(linkTo(found, 'Next page'))).to.include('Orders<');
    expect(await page('/search?q=nothinglikeit')).to.include('No name contains this');
    expect(await page('/search')).to.include('Type a part of a name');
  });

  it('answer 404 and 400 as pages', async () => {
    expect(await page('/table/nope', 404)).to.include('There is no table nope');
    expect(await page('/pizza', 404)).to.include('There is no such page');
    await page(`/databaseSchema/${S}?after=nonsense`, 400);
  });

  it('are shown under known names only, so that no page of others reads them by a name of its own', async () => {
    const under = (host: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const { port } = new URL(server.catalog.url);
        get({ host: '127.0.0.1', port, path: '/', headers: { host } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        }).on('error', reject);
      });
    for (const host of ['localhost:1', '127.0.0.1', '[::1]:80', 'LOCALHOST'])
      expect(await under(host), host).to.equal(200);
    for (const host of ['evil.example', 'localhost.evil.example:8585', '127.0.0.1.nip.io', '[::1].evil.com'])
      expect(await under(host), host).to.equal(421);
  });

  it('stand a status with a date of no calendar', async () => {
    const service = { id: await server.id('services/databaseServices', 'shop'), type: 'databaseService' };
    const pipeline = {
      name: 'nightly',
      pipelineType: 'metadata',
      service,
      sourceConfig: { config: { type: 'DatabaseMetadata' } },
      airflowConfig: {},
    };
    await server.ok('PUT', '/services/ingestionPipelines', pipeline);
    const status = { runId: 'r', pipelineState: 'success', startDate: 9e15, timestamp: 9e15 };
    await server.call('PUT', '/services/ingestionPipelines/shop.nightly/pipelineStatus', status);
    expect(await page('/databaseService/shop'))
      .to.include('nightly')
      .and.to.include('at no time of a calendar');
  });
});
