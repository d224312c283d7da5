import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { JsonObject } from '../../../src/local-catalog/json-value.js';
import { CatalogUnderTest } from './catalog-under-test.js';

const MASK = '*********';

const service = (config: object): object => ({ name: 'shop', serviceType: 'Mysql', connection: { config } });
const password = ['connection', 'config', 'authType', 'password'];

describe('local catalog: access', () => {
  let server: CatalogUnderTest;
  beforeEach(async () => (server = await CatalogUnderTest.start()));
  afterEach(() => server.close());

  it('answers its version to a bearer of its own token', async () => {
    expect((await server.ok('GET', '/system/version')).at('version')).to.equal('2.0.7');
  });

  it('refuses a call without a token, with a foreign one, and with an altered one, by 401', async () => {
    const bare = await fetch(`${server.catalog.hostPort}/v1/system/version`);
    expect([bare.status, await bare.json()]).to.deep.equal([
      401,
      { code: 401, message: 'Not authorized: the request carries no bearer token' },
    ]);
    const [head, , signature] = server.catalog.token.split('.');
    const claims = Buffer.from('{"sub":"admin","isBot":true}').toString('base64url');
    for (const token of ['nonsense', `${head}.${claims}.${signature}`]) {
      expect((await server.refused('GET', '/tables', undefined, { token }))[0]).to.equal(401);
    }
  });

  it('refuses an expired token and says until when it was valid', async () => {
    const token = server.catalog.issueToken({ lifetimeSeconds: -60 });
    const [status, message] = await server.refused('GET', '/tables', undefined, { token });
    expect(status).to.equal(401);
    expect(message).to.match(/^Expired token: it was valid until \d{4}-/);
  });

  it('makes tokens that tell subject, bot and expiry', () => {
    const claims: unknown = JSON.parse(Buffer.from(server.catalog.token.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).to.include({ sub: 'ingestion-bot', isBot: true });
    expect(claims)
      .to.have.property('exp')
      .above(Date.now() / 1000 + 365 * 24 * 3600);
  });

  it('takes a fixed token as the bot’s, beside its own', async () => {
    await server.close();
    server = await CatalogUnderTest.start({ token: 'a-fixed-token' });
    expect(server.catalog.token).to.equal('a-fixed-token');
    await server.ok('PUT', '/services/databaseServices', service({ authType: { password: 'pw' } }));
    expect((await server.entity('services/databaseServices', 'shop')).at(...password)).to.equal('pw');
    await server.ok('GET', '/tables', undefined, { token: server.catalog.issueToken({ subject: 'jane', bot: false }) });
  });

  it('shows stored secrets to bots in clear and to people as nine asterisks', async () => {
    await server.ok('PUT', '/services/databaseServices', service({ username: 'u', authType: { password: 'pw' } }));
    const token = server.catalog.issueToken({ subject: 'jane', bot: false });
    const seen = await server.ok('GET', '/services/databaseServices/name/shop', undefined, { token });
    expect(seen.at(...password)).to.equal(MASK);
    expect(seen.at('connection', 'config', 'username')).to.equal('u');
    expect((await server.entity('services/databaseServices', 'shop')).at(...password)).to.equal('pw');
  });

  it('seals and masks the secrets of driver arguments by their names, and URLs with a password', async () => {
    const given = {
      ssl_key: 'topsecret-1',
      auth: { api_token: 'topsecret-2' },
      proxy: 'http://u:topsecret-3@proxy',
      charset: 'utf8',
    };
    await server.ok(
      'PUT',
      '/services/databaseServices',
      service({ connectionArguments: given, connectionOptions: given })
    );
    const token = server.catalog.issueToken({ subject: 'jane', bot: false });
    const seen = await server.ok('GET', '/services/databaseServices/name/shop', undefined, { token });
    expect(JSON.stringify(seen.body)).not.to.contain('topsecret');
    expect(seen.at('connection', 'config', 'connectionArguments', 'charset')).to.equal('utf8');
    await server.ok('PUT', '/services/databaseServices', service(seen.at('connection', 'config') as JsonObject));
    const stored = await server.entity('services/databaseServices', 'shop');
    expect(stored.at('connection', 'config', 'connectionArguments')).to.deep.equal(given);
  });

  it('keeps the stored secret when the mask comes back by PUT or PATCH', async () => {
    const token = server.catalog.issueToken({ subject: 'jane', bot: false });
    await server.ok('PUT', '/services/databaseServices', service({ username: 'u', authType: { password: 'pw' } }));
    await server.ok('PUT', '/services/databaseServices', service({ username: 'v', authType: { password: MASK } }));
    const id = await server.id('services/databaseServices', 'shop');
    const rename = [{ op: 'replace', path: '/connection/config/username', value: 'w' }];
    await server.ok('PATCH', `/services/databaseServices/${id}`, rename, { token });
    const stored = await server.entity('services/databaseServices', 'shop');
    expect([stored.at(...password), stored.at('connection', 'config', 'username')]).to.deep.equal(['pw', 'w']);
  });

  it('keeps the connection when a PUT leaves it out', async () => {
    await server.ok('PUT', '/services/databaseServices', service({ authType: { password: 'pw' } }));
    await server.ok('PUT', '/services/databaseServices', { name: 'shop', serviceType: 'Mysql', displayName: 'Shop' });
    expect((await server.entity('services/databaseServices', 'shop')).at(...password)).to.equal('pw');
  });

  it('leaves no secret and no token readable in its files, and reads the secrets again after a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'catalog-'));
    const file = join(folder, 'catalog.db');
    try {
      await server.close();
      server = await CatalogUnderTest.start({ file, token: 'sentinel-token' });
      await server.ok('PUT', '/services/databaseServices', service({ authType: { password: 'sentinel-password' } }));
      for (const name of readdirSync(folder)) {
        const bytes = readFileSync(join(folder, name)).toString('latin1');
        expect(bytes, name).not.to.include('sentinel-password').and.not.to.include('sentinel-token');
      }
      await server.close();
      server = await CatalogUnderTest.start({ file });
      expect((await server.entity('services/databaseServices', 'shop')).at(...password)).to.equal('sentinel-password');
    } finally {
      await server.close();
      rmSync(folder, { recursive: true });
    }
  });

  it('counts secrets as not stored, with a warning, when the key beside the file is another one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'catalog-'));
    const file = join(folder, 'catalog.db');
    const warnings: string[] = [];
    try {
      await server.close();
      server = await CatalogUnderTest.start({ file });
      await server.ok('PUT', '/services/databaseServices', service({ username: 'u', authType: { password: 'pw' } }));
      await server.close();
      rmSync(`${file}.key`);
      const logger = { info: () => undefined, warn: (message: string) => warnings.push(message) };
      server = await CatalogUnderTest.start({ file, logger });
      const stored = await server.entity('services/databaseServices', 'shop');
      expect(stored.at('connection', 'config')).to.deep.equal({ username: 'u', authType: {} });
      expect(warnings.join()).to.include('another key');
    } finally {
      await server.close();
      rmSync(folder, { recursive: true });
    }
  });

  it('shows pages without a token', async () => {
    expect((await fetch(server.catalog.url)).status).to.equal(200);
  });
});
