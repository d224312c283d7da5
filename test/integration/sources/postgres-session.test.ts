import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { rootCertificates } from 'node:tls';
import { expect } from 'chai';
import { IngestionError, PermanentError, StatementTimeout, TransientError } from '../../../src/errors/index.js';
import { findSource, type CheckResult, type MeasureSource } from '../../../src/sources/index.js';
import { collect, countingContext } from '../../conformance/metadata-source.js';
import { makeAuthority, type CertificateOptions } from '../../services/certificates.js';
import { startPostgres, type TestPostgres } from '../../services/postgres.js';
import { startTcpProxy } from '../../services/tcp-proxy.js';
import { ALL_OPTIONS, EVERYTHING } from '../../conformance/everything.js';

const CERTIFICATE = readFileSync('test/data/tls/localhost-cert.pem', 'utf8');
const ENDLESS = 'SELECT pg_sleep(600)';

describe('sessions on PostgreSQL', () => {
  let server: TestPostgres;

  before(async () => {
    server = await startPostgres({ settings: { log_statement: 'all', log_line_prefix: '%a: ' } });
    await server.query(
      'CREATE SCHEMA big; ' +
        Array.from({ length: 450 }, (_, n) => `CREATE TABLE big.t${n} (id INT PRIMARY KEY);`).join('')
    );
  });
  after(() => server.stop());

  const config = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
    username: server.user,
    authType: { password: server.password },
    hostPort: server.hostPort,
    database: 'postgres',
    ...more,
  });

  async function failureOf(more: Record<string, unknown>): Promise<IngestionError> {
    const source = await findSource('postgres')
      .openMetadata(config(more), countingContext())
      .catch((error: unknown) => error);
    if (source instanceof IngestionError) return source;
    throw new Error('it was opened');
  }

  async function check(more: Record<string, unknown> = {}): Promise<CheckResult[]> {
    return collect(findSource('postgres').check(config(more), countingContext(), ALL_OPTIONS));
  }

  async function measures(context = countingContext(), statementTimeoutMs = 60_000): Promise<MeasureSource> {
    const source = await findSource('postgres').openMeasures?.(config(), context, { statementTimeoutMs });
    if (source === undefined) throw new Error('none');
    return source;
  }

  const active = async (): Promise<number> =>
    Number(
      (
        await server.query("SELECT count(*) AS n FROM pg_stat_activity WHERE usename = 'ingest' AND state = 'active'")
      )[0]?.['n']
    );

  async function until(count: number): Promise<void> {
    for (let at = 0; at < 100 && (await active()) !== count; at += 1) await sleep(50);
    expect(await active()).to.equal(count);
  }

  describe('failed connections', () => {
    const cases: readonly (readonly [what: string, more: () => Record<string, unknown>, says: string])[] = [
      ['a wrong password', () => ({ authType: { password: 'wrong-one' } }), 'refused the user or password'],
      ['no password', () => ({ authType: {} }), 'authType.password'],
      ['no such database', () => ({ database: 'nowhere' }), 'has no such database'],
      ['no server', () => ({ hostPort: '127.0.0.1:1' }), 'is not listening'],
      ['no such host', () => ({ hostPort: 'no-such-host.invalid:5432' }), 'host name that nobody knows'],
      ['no TLS', () => ({ sslMode: 'require' }), 'has no TLS'],
      ['a missing CA', () => ({ sslMode: 'verify-full' }), 'sslConfig.caCertificate'],
      ['an unknown argument', () => ({ connectionArguments: { conect_timeout: 3 } }), 'connect_timeout'],
    ];
    before(async () => {
      // who asks over the network needs the password
      await server.query(
        "COPY (SELECT 'local all all trust' UNION ALL SELECT 'host all all all scram-sha-256') TO '" +
          server.folder +
          "/data/pg_hba.conf'"
      );
      await server.query('SELECT pg_reload_conf()');
    });
    for (const [what, more, says] of cases)
      it(`are one clear line, with what to do and without the password: ${what}`, async () => {
        const text = (await failureOf(more())).describe();
        expect(text).to.include(says).and.not.include('wrong-one').and.not.include(server.password);
        expect(text.split('\n')).to.have.length(1);
      });

    it('say that the server is full, as something to narrow for', async () => {
      await server.query(`ALTER ROLE ${server.user} CONNECTION LIMIT 0`);
      expect(await failureOf({}))
        .to.be.instanceOf(TransientError)
        .and.to.have.property('throttled', true);
      await server.query(`ALTER ROLE ${server.user} CONNECTION LIMIT -1`);
    });
  });

  it('are read-only, limited, and tagged by the run', async () => {
    const context = { ...countingContext(), runTag: 'openmetadata-temporal-ingestion/0.1.0 metadata 01234567-89ab' };
    const source = await findSource('postgres').openMetadata(config(), context);
    try {
      const [row] = await server.query(
        "SELECT application_name AS name FROM pg_stat_activity WHERE usename = 'ingest'"
      );
      expect(row).to.deep.equal({ name: 'om-ingest metadata 01234567-89ab' });
      const log = server.log();
      expect(log).to.include(`/* {"app": "OpenMetadata", "run": "${context.runTag}"} */`);
      expect(log).to.include("set_config('default_transaction_read_only', 'on', false)");
    } finally {
      await source.close();
    }
    const measuring = await measures();
    const session = await measuring.session(countingContext());
    expect(await session.rows('CREATE TABLE public.written (a INT)').catch(String)).to.include('read-only');
    await measuring.close();
  });

  it('throw for a connection that breaks in the middle of a listing, which the next read replaces', async () => {
    const source = await findSource('postgres').openMetadata(config(), countingContext());
    try {
      const read = (): AsyncIterable<unknown> =>
        source.read({ database: 'postgres', schema: 'big' }, EVERYTHING, ALL_OPTIONS);
      const reading = read()[Symbol.asyncIterator]();
      await reading.next();
      await server.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ingest'");
      let failure: unknown;
      try {
        while ((await reading.next()).done !== true);
      } catch (error) {
        failure = error;
      }
      expect(failure).to.be.instanceOf(TransientError);
      expect(await collect(read())).to.have.length(450);
    } finally {
      await source.close();
    }
  });

  it('throw for a network that breaks', async () => {
    const proxy = await startTcpProxy(server.port);
    const source = await findSource('postgres').openMetadata(
      config({ hostPort: `127.0.0.1:${proxy.port}` }),
      countingContext()
    );
    const records = source.read({ database: 'postgres', schema: 'big' }, EVERYTHING, ALL_OPTIONS);
    const reading = records[Symbol.asyncIterator]();
    await reading.next();
    proxy.cut();
    const failure = await collect({ [Symbol.asyncIterator]: () => reading }).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(TransientError);
    await source.close();
    await proxy.close();
  });

  it('end their statement in the server when the work is aborted, and when its time is over', async () => {
    const context = countingContext();
    const source = await measures();
    const aborted = source.session(context).then((session) => session.rows(ENDLESS));
    await until(1);
    context.abort();
    expect(await aborted.catch((error: unknown) => error)).to.equal(context.signal.reason);
    await until(0);
    await source.close();
    const short = await measures(countingContext(), 300);
    const session = await short.session(countingContext());
    expect(await session.rows(ENDLESS).catch((error: unknown) => error)).to.be.instanceOf(StatementTimeout);
    expect(await session.rows('SELECT 1')).to.deep.equal([[1]]);
    await short.close();
  });

  it('tells a refused log-in that a statement raises from one of its own', async () => {
    for (const state of ['28000', '28P01'])
      await server.query(
        `CREATE FUNCTION public.raises_${state}() RETURNS int LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no'' USING ERRCODE = ''${state}''; END'`
      );
    const source = await measures();
    const session = await source.session(countingContext());
    try {
      for (const state of ['28000', '28P01']) {
        const error: unknown = await session.rows(`SELECT public.raises_${state}()`).catch((each: unknown) => each);
        expect(error, state).to.be.instanceOf(PermanentError);
        expect(String(error)).to.contain('refused a statement of a session that is logged in: no.');
      }
      expect(await session.rows('SELECT 1')).to.deep.equal([[1]]);
    } finally {
      await session.close();
      await source.close();
    }
  });

  it('refuses what would fill the memory: a result without end, rows without end', async () => {
    const source = await measures();
    const session = await source.session(countingContext());
    const refusal = async (sql: string): Promise<unknown> => session.rows(sql).catch(String);
    expect(await refusal("SELECT repeat('x', 1000000) FROM generate_series(1, 70)")).to.include('more than 64 MiB');
    expect(await refusal("SELECT repeat('x', 140000000)")).to.match(/more than (128|64) MiB/);
    expect(await session.rows('SELECT 1')).to.deep.equal([[1]]);
    await session.close();
    await source.close();
  });

  it('end by their tag what a lost worker left, and nothing else', async () => {
    const [lost, other, next] = await Promise.all([measures(), measures(), measures()]);
    const contextOf = (runTag: string): ReturnType<typeof countingContext> => ({ ...countingContext(), runTag });
    const running = [
      (await lost.session(contextOf('the lost run'))).rows(ENDLESS).catch(String),
      (await other.session(contextOf('another run'))).rows(ENDLESS).catch(String),
    ];
    await until(2);
    expect(await next.endLost('the lost run', 'postgres')).to.equal(1);
    expect(await running[0]).to.include('cancelled');
    await until(1);
    expect(await next.endLost('another run', 'postgres')).to.equal(1);
    await running[1];
    await Promise.all([lost, other, next].map((source) => source.close()));
  });

  it('are encrypted as sslMode says, and check what it says', async () => {
    await server.query(`COPY (SELECT 1) TO '${server.folder}/data/unused'`);
    const putText = async (name: string, text: string): Promise<void> => {
      await server.query(
        `COPY (SELECT line FROM unnest(string_to_array('${text.trim()}', E'\\n')) line) TO PROGRAM 'umask 077; cat > ${server.folder}/data/${name}'`
      );
    };
    const put = (name: string, file: string): Promise<void> =>
      putText(name, readFileSync(`test/data/tls/${file}`, 'utf8'));
    await put('server.crt', 'localhost-cert.pem');
    await put('server.key', 'localhost-key.pem');
    await server.query('ALTER SYSTEM SET ssl = on');
    await server.query('SELECT pg_reload_conf()');
    const ca = { sslConfig: { caCertificate: CERTIFICATE } };
    const tls = async (more: Record<string, unknown>): Promise<string> =>
      (await check(more)).find(({ name }) => name === 'TLS')?.message ?? '';
    expect(await tls({})).to.include('not used');
    for (const more of [
      { sslMode: 'prefer' },
      { sslMode: 'require' },
      { sslMode: 'verify-full', ...ca },
      { sslMode: 'verify-ca', ...ca },
    ])
      expect(await tls(more), JSON.stringify(more).slice(0, 40)).to.match(/^on \(TLSv1/);
    const elsewhere = { hostPort: `localhost:${server.port}`, ...ca };
    expect(await tls({ sslMode: 'verify-full', ...elsewhere })).to.match(/^on/);
    const wrong = { sslConfig: { caCertificate: rootCertificates[0] ?? '' } };
    for (const sslMode of ['require', 'verify-ca', 'verify-full'])
      expect((await failureOf({ sslMode, ...wrong })).describe(), sslMode).to.include(
        'is signed by none of the authorities'
      );
    const authority = makeAuthority();
    try {
      const { ca: caCertificate, caFile } = authority;
      const own = { hostPort: `localhost:${server.port}`, sslConfig: { caCertificate } };
      const serve = async (name: string, options: CertificateOptions = {}): Promise<void> => {
        const { cert, key } = authority.issue(name, options);
        await putText('server.crt', cert);
        await putText('server.key', key);
        await server.query('SELECT pg_reload_conf()');
        await sleep(300); // the postmaster reads them when it gets to it
      };
      await serve('expired', { valid: ['20200101000000Z', '20200102000000Z'] });
      for (const sslMode of ['verify-ca', 'verify-full'])
        expect((await failureOf({ sslMode, ...own })).describe(), sslMode).to.include('has expired');
      expect(await tls({ sslMode: 'require' }), 'require without a CA checks nothing').to.match(/^on/);
      await serve('elsewhere', { names: 'DNS:db.example.com' });
      expect((await failureOf({ sslMode: 'verify-full', ...own })).describe()).to.include(
        'is made for db.example.com, not for this host'
      );
      expect(await tls({ sslMode: 'verify-ca', ...own }), 'verify-ca does not look at the name').to.match(/^on/);
      // a client certificate, by its file and by its text
      await serve('localhost');
      await putText('root.crt', readFileSync(caFile, 'utf8'));
      await server.query("ALTER SYSTEM SET ssl_ca_file = 'root.crt'");
      await server.query(
        `COPY (SELECT 'local all all trust' UNION ALL SELECT 'hostssl all all all scram-sha-256 clientcert=verify-ca') TO '${server.folder}/data/pg_hba.conf'`
      );
      await server.query('SELECT pg_reload_conf()');
      await sleep(300);
      expect(await failureOf({ sslMode: 'verify-full', ...own })).to.have.property('name', 'AuthenticationError');
      const client = authority.issue('client', { usage: 'clientAuth' });
      for (const [sslCertificate, sslKey] of [
        [client.cert, client.key],
        [client.certFile, client.keyFile],
      ])
        expect(
          await tls({ sslMode: 'verify-full', ...own, sslConfig: { caCertificate, sslCertificate, sslKey } })
        ).to.match(/^on/);
    } finally {
      authority.remove();
    }
    await server.query('ALTER SYSTEM SET ssl = off');
    await server.query('SELECT pg_reload_conf()');
  });
});
