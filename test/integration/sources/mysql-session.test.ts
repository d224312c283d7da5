import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { expect } from 'chai';
import { AuthenticationError, IngestionError, PermanentError, TransientError } from '../../../src/errors/index.js';
import { findSource, type CheckResult, type MetadataSource } from '../../../src/sources/index.js';
import { collect, countingContext } from '../../conformance/metadata-source.js';
import { makeAuthority } from '../../services/certificates.js';
import { startMariadb, type TestMariadb } from '../../services/mariadb.js';
import { ALL_OPTIONS, EVERYTHING } from '../../conformance/everything.js';

const CERTIFICATE = 'test/data/tls/localhost-cert.pem';
const KEY = 'test/data/tls/localhost-key.pem';
const SMALL = { database: 'default', schema: 'small' };

describe('MySQL sessions', () => {
  let server: TestMariadb;

  before(async () => {
    server = await startMariadb({
      // 127.0.0.2 is not in the certificate.
      arguments: [
        `--ssl-ca=${process.cwd()}/${CERTIFICATE}`,
        `--ssl-cert=${process.cwd()}/${CERTIFICATE}`,
        `--ssl-key=${process.cwd()}/${KEY}`,
        '--bind-address=0.0.0.0',
      ],
    });
    await server.run('CREATE DATABASE small; CREATE TABLE small.a (id INT PRIMARY KEY)');
  });
  after(() => server.stop());

  function config(settings: Record<string, unknown> = {}): unknown {
    return { username: server.user, authType: { password: server.password }, hostPort: server.hostPort, ...settings };
  }

  async function open(settings?: Record<string, unknown>): Promise<MetadataSource> {
    return findSource('mysql').openMetadata(config(settings), countingContext());
  }

  async function failure(settings: Record<string, unknown>): Promise<IngestionError> {
    try {
      await (await open(settings)).close();
    } catch (error) {
      if (error instanceof IngestionError) return error;
      throw error;
    }
    throw new Error('the connection was opened');
  }

  async function check(settings?: Record<string, unknown>): Promise<CheckResult[]> {
    return collect(findSource('mysql').check(config(settings), countingContext(), ALL_OPTIONS));
  }

  describe('of an account that may have few connections', () => {
    const records = async (settings?: Record<string, unknown>): Promise<unknown[]> => {
      const source = await open(settings);
      try {
        return await collect(source.read(SMALL, EVERYTHING, ALL_OPTIONS));
      } finally {
        await source.close();
      }
    };

    for (const limit of [1, 2, 3]) {
      it(`read a schema over one, its lists one after the other: ${limit}`, async () => {
        await server.run(
          `CREATE OR REPLACE USER few@'%' IDENTIFIED BY 'few-password' WITH MAX_USER_CONNECTIONS ${limit}; GRANT SELECT, SHOW VIEW, EXECUTE ON *.* TO few@'%'`
        );
        const few = { username: 'few', authType: { password: 'few-password' } };
        expect(await records(few)).to.deep.equal(await records());
        const finding = (await check(few)).find(({ name }) => name === 'connections');
        expect(finding?.message).to.contain(`this account may have ${limit} at once`);
        expect(finding?.remedy).to.contain('MAX_USER_CONNECTIONS 4');
      });
    }
  });

  it('of an account that may have few are checked for as many tables as are measured at once', async () => {
    await server.run(
      `CREATE OR REPLACE USER few@'%' IDENTIFIED BY 'few-password' WITH MAX_USER_CONNECTIONS 2; GRANT SELECT ON *.* TO few@'%'`
    );
    const few = config({ username: 'few', authType: { password: 'few-password' } });
    const finding = async (count: number): Promise<CheckResult | undefined> => {
      const options = {
        ...{ ...ALL_OPTIONS, readsRows: true },
        tablesAtOnce: { count, key: 'sourceConfig.config.threadCount' },
      };
      const found = await collect(findSource('mysql').check(few, countingContext(), options));
      return found.find(({ name }) => name === 'connections');
    };
    expect(await finding(2)).to.equal(undefined);
    const short = await finding(5);
    expect(short?.message).to.match(/^this account may have 2 at once .* 5 tables are measured at once/);
    expect(short?.remedy).to.equal(
      'Set sourceConfig.config.threadCount to 2, or allow one for each and one for the catalogue: ALTER USER … WITH MAX_USER_CONNECTIONS 6;'
    );
  });

  it('of an account that may do little in an hour are warned of by check, and of no other', async () => {
    const hourly = async (limits: string): Promise<CheckResult | undefined> => {
      await server.run(
        `CREATE OR REPLACE USER brief@'%' IDENTIFIED BY 'brief-password' ${limits}; GRANT SELECT, SHOW VIEW ON *.* TO brief@'%'`
      );
      const brief = { username: 'brief', authType: { password: 'brief-password' } };
      return (await check(brief)).find(({ name }) => name === 'limits an hour');
    };
    const both = await hourly('WITH MAX_QUERIES_PER_HOUR 500 MAX_CONNECTIONS_PER_HOUR 50');
    expect(both).to.include({ passed: false, mandatory: false });
    expect(both?.message).to.match(
      /^this account may send 500 statements an hour \(MAX_QUERIES_PER_HOUR\) and open 50 connections an hour/
    );
    expect(both?.remedy).to.equal("ALTER USER 'brief'@'%' WITH MAX_QUERIES_PER_HOUR 0 MAX_CONNECTIONS_PER_HOUR 0;");
    expect((await hourly('WITH MAX_QUERIES_PER_HOUR 99'))?.message).to.not.include('connections');
    for (const none of ['', 'WITH MAX_QUERIES_PER_HOUR 1000000', 'WITH MAX_UPDATES_PER_HOUR 5'])
      expect(await hourly(none)).to.equal(undefined);
  });

  for (const mostSessions of [1, 2, 3, 5]) {
    it(`are no more than the recipe allows, and no more than help: ${mostSessions}`, async () => {
      await server.run("CREATE OR REPLACE USER one@'%' IDENTIFIED BY 'p'; GRANT SELECT ON *.* TO one@'%'");
      const settings = config({ username: 'one', authType: { password: 'p' } });
      const source = await findSource('mysql').openMetadata(settings, { ...countingContext(), mostSessions });
      const opened: number[] = [];
      for await (const record of source.read(SMALL, EVERYTHING, ALL_OPTIONS)) {
        expect(record).to.deep.include({ kind: 'table', name: 'a' });
        opened.push((await server.query("SELECT id FROM information_schema.PROCESSLIST WHERE user = 'one'")).length);
      }
      await source.close();
      expect(opened).to.deep.equal([Math.min(mostSessions, mostSessions < 4 ? 2 : 4)]);
    });
  }

  describe('statements', () => {
    it('all start with the comment that log readers leave out, with the tag of the run', async () => {
      const source = await open();
      await server.logStatements(true);
      await collect(source.scopes(EVERYTHING));
      await collect(source.read(SMALL, EVERYTHING, ALL_OPTIONS));
      await source.visibility();
      await source.close();
      const texts = (await server.generalLog()).map((statement) => statement.text);
      await server.logStatements(false);
      expect(texts.length).to.be.greaterThan(5);
      for (const text of texts) {
        expect(text).to.match(
          /^\/\* \{"app": "OpenMetadata", "run": "openmetadata-temporal-ingestion conformance test"\} \*\/\n/
        );
      }
    });

    it('are six a schema for 300 tables with keys, views and JSON as for 3, five without foreign keys', async () => {
      const records: number[] = [];
      for (const tables of [3, 300]) {
        const schema = `like_${tables}`;
        await server.run(
          `CREATE DATABASE ${schema}; USE ${schema}; CREATE TABLE t0 (id INT PRIMARY KEY, code INT UNIQUE, doc JSON)`
        );
        for (let i = 1; i < tables; i += 1) {
          await server.run(
            `CREATE TABLE t${i} (id INT PRIMARY KEY, code INT, doc JSON, FOREIGN KEY (code) REFERENCES t${i - 1} (id))`
          );
          await server.run(`CREATE VIEW v${i} AS SELECT id FROM t${i}`);
        }
      }
      await server.run('CREATE DATABASE like_none; CREATE TABLE like_none.t (id INT PRIMARY KEY)');
      const context = countingContext();
      const source = await findSource('mysql').openMetadata(config(), context);
      const read = async (schema: string): Promise<number> => {
        const before = context.statements();
        records.push((await collect(source.read({ database: 'default', schema }, EVERYTHING, ALL_OPTIONS))).length);
        return context.statements() - before;
      };
      // The first read opens three sessions, a statement each, which the others use again.
      expect(await read('like_none')).to.equal(5 + 3);
      expect([await read('like_3'), await read('like_300'), await read('like_none')]).to.deep.equal([6, 6, 5]);
      expect(records).to.deep.equal([1, 5, 599, 1]);
      await source.close();
    });

    it('run in a read-only session with limits, whatever the server is set to', async () => {
      await server.run("SET GLOBAL sql_select_limit = 1; SET GLOBAL sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'");
      try {
        await server.run('CREATE DATABASE limited; CREATE TABLE limited.a (id INT); CREATE TABLE limited.b (id INT)');
        const source = await open();
        const limited = { database: 'default', schema: 'limited' };
        expect(await collect(source.read(limited, EVERYTHING, ALL_OPTIONS))).to.have.length(2);
        await source.close();
      } finally {
        await server.run('SET GLOBAL sql_select_limit = DEFAULT; SET GLOBAL sql_mode = DEFAULT');
      }
      expect(
        await failure({ connectionArguments: { init_command: 'CREATE TABLE small.forbidden (id INT)' } })
      ).to.be.instanceOf(PermanentError);
      expect(await server.query("SHOW TABLES FROM small LIKE 'forbidden'")).to.deep.equal([]);
    });

    it('on a view that nobody may read are refused as statements, and the session goes on', async () => {
      await server.run(`CREATE USER gone@'%', poor@'%'; GRANT ALL ON *.* TO gone@'%'; GRANT SELECT ON small.* TO poor@'%';
        CREATE DATABASE views; USE views; CREATE TABLE rows_of (id INT, dropped INT);
        CREATE DEFINER = gone@'%' VIEW no_definer AS SELECT id FROM small.a;
        CREATE DEFINER = gone@'%' FUNCTION one() RETURNS INT RETURN 1; CREATE VIEW no_function AS SELECT one() AS id;
        CREATE DEFINER = poor@'%' VIEW no_right AS SELECT id FROM small.a;
        CREATE VIEW no_column AS SELECT dropped FROM rows_of;
        ALTER TABLE rows_of DROP COLUMN dropped; DROP USER gone@'%'; REVOKE SELECT ON small.* FROM poor@'%'`);
      const limits = { statementTimeoutMs: 10_000 };
      const source = await findSource('mysql').openMeasures?.(config(), countingContext(), limits);
      const session = await source?.session(countingContext());
      const refused = async (view: string): Promise<string> => {
        const error: unknown = await session?.rows(`SELECT * FROM views.${view}`).catch((thrown: unknown) => thrown);
        expect(error, view).to.be.instanceOf(PermanentError);
        return error instanceof IngestionError ? error.describe() : '';
      };
      try {
        expect(await refused('no_definer')).to.match(/refused a statement .*Access denied.*definer is gone/);
        expect(await refused('no_function')).to.match(/finds no definer .*'gone'@'%'.*Create the view or routine anew/);
        for (const view of ['no_right', 'no_column'])
          expect(await refused(view)).to.match(/finds the view broken: View 'views\.no_.*let its definer read that/);
        expect(await session?.rows('SELECT 1')).to.deep.equal([[1]]);
      } finally {
        await session?.close();
        await source?.close();
      }
    });

    it('have the time limit of read_timeout on the server as well', async () => {
      const everything = 'information_schema.COLUMNS';
      const initCommand = `SELECT COUNT(*) FROM ${everything} a, ${everything} b, ${everything} c`;
      const slow = await failure({ connectionArguments: { read_timeout: 0.3, init_command: initCommand } });
      expect(slow).to.be.instanceOf(TransientError);
      expect(slow.message).to.include('ended the statement at its time limit');
    });
  });

  describe('TLS', () => {
    it('is off when the recipe has none, and check says so', async () => {
      expect((await check()).find((result) => result.name === 'TLS')?.message).to.equal(
        'not used: the recipe has no sslConfig'
      );
      const off = await check({ sslConfig: { caCertificate: CERTIFICATE }, connectionArguments: { ssl: false } });
      expect(off.find((result) => result.name === 'TLS')?.message).to.include('connectionArguments switch it off');
    });

    it('is on with a CA as a path or as text', async () => {
      for (const caCertificate of [CERTIFICATE, readFileSync(CERTIFICATE, 'utf8')]) {
        const results = await check({ sslConfig: { caCertificate } });
        expect(results.find((result) => result.name === 'TLS')?.message).to.match(/^on \(TLSv1\.\d\)$/);
      }
    });

    it('accepts the name and the address that are in the certificate', async () => {
      const sslConfig = { caCertificate: CERTIFICATE };
      await (await open({ sslConfig, hostPort: `localhost:${server.port}` })).close();
      await (await open({ sslConfig, hostPort: `127.0.0.1:${server.port}` })).close();
    });

    it('refuses an address that is not in the certificate, unless told to', async () => {
      const elsewhere = { sslConfig: { caCertificate: CERTIFICATE }, hostPort: `127.0.0.2:${server.port}` };
      const error = await failure(elsewhere);
      expect(error).to.be.instanceOf(PermanentError);
      expect(error.message).to.include('not made for that address');
      await (await open({ ...elsewhere, connectionArguments: { ssl_verify_identity: false } })).close();
    });

    it('refuses a certificate of another authority, unless told to', async () => {
      const sslConfig = { caCertificate: rootCertificates[0] ?? '' };
      const error = await failure({ sslConfig });
      expect(error).to.be.instanceOf(PermanentError);
      expect(error.message).to.include('is signed by none of the authorities');
      await (await open({ sslConfig, connectionArguments: { ssl_verify_cert: false } })).close();
    });

    it('refuses a certificate that has expired, or is made for another host, each in its own words', async () => {
      const authority = makeAuthority();
      const valid = ['20200101000000Z', '20200102000000Z'] as const;
      try {
        for (const [certified, says] of [
          [authority.issue('expired', { valid }), 'has expired'],
          [
            authority.issue('elsewhere', { names: 'DNS:db.example.com' }),
            'is made for db.example.com, not for this host',
          ],
        ] as const) {
          const { certFile, keyFile } = certified;
          const other = await startMariadb({ arguments: [`--ssl-cert=${certFile}`, `--ssl-key=${keyFile}`] });
          const settings = { hostPort: `localhost:${other.port}`, sslConfig: { caCertificate: authority.ca } };
          const error = await failure(settings).finally(() => other.stop());
          expect(error, says).to.be.instanceOf(PermanentError);
          expect(error.message).to.include(says);
        }
      } finally {
        authority.remove();
      }
    });

    it('says which file can not be used', async () => {
      const error = await failure({ sslConfig: { caCertificate: KEY } });
      expect(error.describe())
        .to.include('caCertificate holds no certificate')
        .and.to.include('serviceConnection.config.sslConfig');
    });

    it('gives a client certificate to a server that asks for one', async () => {
      await server.run("CREATE USER certified IDENTIFIED BY 'certified-pass' REQUIRE X509");
      const login = { username: 'certified', authType: { password: 'certified-pass' } };
      expect(await failure({ ...login, sslConfig: { caCertificate: CERTIFICATE } })).to.be.instanceOf(
        AuthenticationError
      );
      const sslConfig = { caCertificate: CERTIFICATE, sslCertificate: CERTIFICATE, sslKey: KEY };
      await (await open({ ...login, sslConfig })).close();
    });
  });

  describe('failed connections', () => {
    it('are one clear line each, with what to do and without the password', async () => {
      const cases = [
        {
          settings: { authType: { password: 'wrong-Passw0rd' } },
          kind: AuthenticationError,
          says: 'refused the user or password',
        },
        {
          settings: { hostPort: 'no-such-host.invalid:3306' },
          kind: PermanentError,
          says: 'a host name that nobody knows',
        },
        { settings: { hostPort: '127.0.0.1:1' }, kind: TransientError, says: 'is not listening' },
        {
          settings: { authType: { gcpConfig: { gcpConfig: { type: 'gcp_adc' } } } },
          kind: PermanentError,
          says: 'gcpConfig is of no use for a host and a port with a password',
        },
        { settings: { connectionArguments: { conect_timeout: 3 } }, kind: PermanentError, says: 'conect_timeout' },
      ] as const;
      for (const { settings, kind, says } of cases) {
        const error = await failure(settings);
        expect(error, says).to.be.instanceOf(kind);
        expect(error.describe(), says).to.include(says).and.not.include('wrong-Passw0rd').and.not.include('\n');
        expect(error.remedy, says).to.be.a('string');
      }
    });

    it('say that the server is full, as something that passes', async () => {
      await server.run("CREATE USER crowd IDENTIFIED BY 'crowd-pass' WITH MAX_USER_CONNECTIONS 1");
      const login = { username: 'crowd', authType: { password: 'crowd-pass' } };
      const first = await open(login);
      const error = await failure(login);
      await first.close();
      expect(error).to.be.instanceOf(TransientError).and.include({ throttled: true });
    });

    it('name a databaseSchema that is missing or differs by case', async () => {
      const source = await open({ databaseSchema: 'Small' });
      const error: unknown = await collect(source.scopes(EVERYTHING)).catch((reason: unknown) => reason);
      await source.close();
      expect(error).to.be.instanceOf(PermanentError);
      expect(error instanceof PermanentError ? error.describe() : '').to.include('Did you mean small?');
    });
  });
});
