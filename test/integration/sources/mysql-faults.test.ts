import { expect } from 'chai';
import { PermanentError, TransientError } from '../../../src/errors/index.js';
import { findSource, type MetadataSource, type SourceContext, type SourceRecord } from '../../../src/sources/index.js';
import { collect, countingContext, drain, failureOf } from '../../conformance/metadata-source.js';
import { startMariadb, type TestMariadb } from '../../services/mariadb.js';
import { ALL_OPTIONS, EVERYTHING } from '../../conformance/everything.js';

/**
 * Enough that the server is still sending when the reader holds its first record: more rows than a reader takes before
 * it pauses (500), and behind those more bytes than the sockets between them hold.
 */
const WIDE_TABLES = 300;
const WIDE_COLUMNS = 50;
const LONG_VIEWS = 800;

describe('MySQL connector when things break', () => {
  let server: TestMariadb;
  let opened: MetadataSource[] = [];

  before(async function () {
    this.timeout(240_000);
    server = await startMariadb();
    await server.run('CREATE DATABASE wide; CREATE DATABASE small; CREATE DATABASE long_views');
    const columns = Array.from({ length: WIDE_COLUMNS }, (_, i) => `c${i} INT COMMENT '${'x'.repeat(1000)}'`).join(
      ', '
    );
    await server.run(`CREATE TABLE wide.t000 (${columns})`);
    for (let i = 1; i < WIDE_TABLES; i += 1) {
      await server.run(`CREATE TABLE wide.t${String(i).padStart(3, '0')} LIKE wide.t000`);
    }
    for (let i = 0; i < LONG_VIEWS; i += 1) {
      await server.run(`CREATE VIEW long_views.v${i} AS SELECT '${'x'.repeat(60_000)}' AS text`);
    }
    await server.run('CREATE TABLE small.a (id INT PRIMARY KEY); CREATE TABLE small.b (id INT PRIMARY KEY)');
  });
  afterEach(async () => {
    await Promise.all(opened.map((source) => source.close()));
    opened = [];
  });
  after(() => server.stop());

  async function open(
    settings: Record<string, unknown> = {},
    context: SourceContext = countingContext()
  ): Promise<MetadataSource> {
    const config = {
      username: server.user,
      authType: { password: server.password },
      hostPort: server.hostPort,
      ...settings,
    };
    const source = await findSource('mysql').openMetadata(config, context);
    opened.push(source);
    return source;
  }

  function read(source: MetadataSource, schema: string): AsyncIterator<SourceRecord> {
    return source.read({ database: 'default', schema }, EVERYTHING, ALL_OPTIONS)[Symbol.asyncIterator]();
  }

  /** Threads of the connector's user, with what they run. */
  async function threads(statement: string): Promise<number[]> {
    const rows = await server.query(
      `SELECT ID AS id, INFO AS info FROM information_schema.PROCESSLIST WHERE USER = '${server.user}'`
    );
    return rows.filter((row) => String(row['info']).includes(statement)).map((row) => Number(row['id']));
  }

  for (const { schema, statement } of [
    { schema: 'wide', statement: 'information_schema.COLUMNS' },
    { schema: 'long_views', statement: 'information_schema.VIEWS' },
  ]) {
    it(`throws when the connection that reads ${statement} is killed: no short listing`, async () => {
      const source = await open();
      const reading = read(source, schema);
      expect((await reading.next()).value).to.have.property('kind', 'table');
      const running = await threads(statement);
      expect(running).to.have.length(1);
      await server.run(`KILL ${running[0]}`);
      expect(await failureOf(drain(reading))).to.be.instanceOf(TransientError);
    });

    it(`throws when the statement on ${statement} is killed`, async () => {
      const source = await open();
      const reading = read(source, schema);
      await reading.next();
      const [running] = await threads(statement);
      await server.run(`KILL QUERY ${running}`);
      expect(await failureOf(drain(reading))).to.be.instanceOf(TransientError);
    });
  }

  it('reads the whole again with the same source after a killed connection', async () => {
    const source = await open();
    const reading = read(source, 'wide');
    await reading.next();
    const [running] = await threads('information_schema.COLUMNS');
    await server.run(`KILL ${running}`);
    expect(await failureOf(drain(reading))).to.be.instanceOf(TransientError);
    const again = await collect(source.read({ database: 'default', schema: 'wide' }, EVERYTHING, ALL_OPTIONS));
    expect(again).to.have.length(WIDE_TABLES);
  });

  it('opens new connections when idle ones were killed', async () => {
    const source = await open();
    expect(await drain(read(source, 'small'))).to.equal(2);
    for (const id of await threads('')) await server.run(`KILL ${id}`);
    await untilGone(() => threads(''));
    expect(await drain(read(source, 'small'))).to.equal(2);
  });

  it('stops the statement on the server when the run is aborted', async () => {
    const context = countingContext();
    const source = await open({}, context);
    const reading = read(source, 'wide');
    await reading.next();
    context.abort();
    expect(await failureOf(drain(reading))).to.equal(context.signal.reason);
    await untilGone(() => threads('information_schema'));
  });

  it('stops the statement on the server when the reader leaves early', async () => {
    const reading = read(await open(), 'wide');
    await reading.next();
    await reading.return?.();
    await untilGone(() => threads('information_schema'));
  });

  it('throws when the server is killed in the middle, and reads again when it is back', async () => {
    const source = await open();
    const reading = read(source, 'wide');
    await reading.next();
    await server.kill();
    expect(await failureOf(drain(reading))).to.be.instanceOf(TransientError);
    expect(await failureOf(drain(read(source, 'small')))).to.be.instanceOf(TransientError);
    await server.restart();
    expect(await drain(read(source, 'small'))).to.equal(2);
  });

  it('gives up on a server that stops answering, after read_timeout', async () => {
    const source = await open({ connectionArguments: { read_timeout: 1 } });
    await drain(read(source, 'small'));
    process.kill(server.pid, 'SIGSTOP');
    try {
      const failure = await failureOf(drain(read(source, 'small')));
      expect(failure).to.be.instanceOf(TransientError);
      expect(failure).to.have.property('message').that.includes('stopped answering');
    } finally {
      process.kill(server.pid, 'SIGCONT');
    }
  });

  it('throws when the rights on the schema are revoked, and shows another visibility', async () => {
    await server.run(`CREATE USER fickle IDENTIFIED BY 'fickle-pass'; GRANT SELECT ON small.* TO fickle`);
    const source = await open({ username: 'fickle', authType: { password: 'fickle-pass' } });
    const before = await source.visibility();
    expect(await drain(read(source, 'small'))).to.equal(2);
    await server.run('REVOKE SELECT ON small.* FROM fickle');
    expect(await failureOf(drain(read(source, 'small')))).to.be.instanceOf(PermanentError);
    expect(await source.visibility()).to.not.equal(before);
  });

  it('lists a schema that became empty as empty', async () => {
    await server.run('CREATE DATABASE emptied; CREATE TABLE emptied.t (id INT); DROP TABLE emptied.t');
    expect(await drain(read(await open(), 'emptied'))).to.equal(0);
  });
});

async function untilGone(list: () => Promise<readonly number[]>): Promise<void> {
  const end = Date.now() + 10_000;
  while ((await list()).length > 0) {
    if (Date.now() > end) throw new Error('still running on the server after 10 s');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
