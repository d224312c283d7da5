import { expect } from 'chai';
import { AuthenticationError, PermanentError, TransientError } from '../../../../src/errors/index.js';
import { openSnowflakeMetadata } from '../../../../src/sources/snowflake/metadata.js';
import { Session } from '../../../../src/sources/snowflake/session/session.js';
import { configWith, driverError, FakeDriver, recordedContext, thrownBy } from './fake-driver.js';

function alterSession(driver: FakeDriver): string {
  return driver.asked.find(({ sql }) => sql.startsWith('ALTER SESSION'))?.sql ?? '';
}

describe('Snowflake: a session', () => {
  it('is tagged with the run, bounded in time, and ends its statements with its connection', async () => {
    const driver = new FakeDriver();
    await openSnowflakeMetadata(configWith(), recordedContext(), driver);
    expect(alterSession(driver))
      .to.contain("QUERY_TAG = 'openmetadata-temporal-ingestion/0.1.0 metadata run-1'")
      .and.contain('STATEMENT_TIMEOUT_IN_SECONDS = 600')
      .and.contain('ABORT_DETACHED_QUERY = TRUE')
      .and.contain('CLIENT_RESULT_CHUNK_SIZE = 16');
  });

  it('takes query tag, network time-out and session parameters of the recipe', async () => {
    const driver = new FakeDriver();
    const config = configWith({
      queryTag: "it's ours",
      connectionArguments: { network_timeout: 30, session_parameters: { abort_detached_query: false, week_start: 1 } },
    });
    await openSnowflakeMetadata(config, recordedContext(), driver);
    expect(alterSession(driver))
      .to.contain("QUERY_TAG = 'it''s ours'")
      .and.contain('STATEMENT_TIMEOUT_IN_SECONDS = 30')
      .and.contain('ABORT_DETACHED_QUERY = FALSE')
      .and.contain('WEEK_START = 1');
  });

  it('puts the run into a comment at the head of every statement and counts each', async () => {
    const driver = new FakeDriver();
    const context = recordedContext();
    const source = await openSnowflakeMetadata(configWith(), context, driver);
    await source.stillThere({ database: 'D', schema: 'S' }, 'table', ['T']);
    expect(
      driver.asked.every(({ comment }) => comment.includes('"app": "OpenMetadata"') && comment.includes('run-1'))
    ).to.equal(true);
    expect(context.statements).to.have.length(driver.asked.length);
  });

  it('logs out when closed, once', async () => {
    const driver = new FakeDriver();
    const source = await openSnowflakeMetadata(configWith(), recordedContext(), driver);
    await source.close();
    await source.close();
    expect(driver.destroyed).to.equal(1);
  });

  it('refuses to go on without a warehouse and gives the grant', async () => {
    const driver = new FakeDriver({ identity: { ROLE_NAME: 'READER', WAREHOUSE_NAME: null } });
    const error = await thrownBy(() => openSnowflakeMetadata(configWith(), recordedContext(), driver));
    expect(error)
      .to.be.instanceOf(PermanentError)
      .with.property('remedy', 'GRANT USAGE ON WAREHOUSE WH TO ROLE READER;');
    expect(driver.destroyed).to.equal(1);
  });

  it('turns a wrong password into an authentication error that holds neither password nor request', async () => {
    const refused = driverError('390100', 'Incorrect username or password was specified.', {
      response: { config: { data: '{"PASSWORD":"correct horse"}' } },
    });
    const driver = new FakeDriver({ login: (done) => done(refused) });
    const error = await thrownBy(() => openSnowflakeMetadata(configWith(), recordedContext(), driver));
    expect(error).to.be.instanceOf(AuthenticationError);
    if (!(error instanceof AuthenticationError)) return;
    expect(error.message).to.contain('390100');
    expect(JSON.stringify([error.message, error.remedy, error.cause, error.stack])).not.to.contain('correct horse');
  });

  it('gives up a login without an answer, and ends the session should it come after all', async () => {
    let answer: (() => void) | undefined;
    const driver = new FakeDriver({ login: (done) => (answer = (): void => done()) });
    const config = configWith({ connectionArguments: { login_timeout: 0.02 } });
    const error = await thrownBy(() => openSnowflakeMetadata(config, recordedContext(), driver));
    expect(error).to.be.instanceOf(TransientError).with.property('message').that.contains('no answer within 0.02 s');
    answer?.();
    expect(driver.destroyed).to.equal(1);
  });

  it('cancels a statement without an answer after the network time-out', async () => {
    const driver = new FakeDriver({ answer: ({ sql }) => (sql.includes('INFORMATION_SCHEMA') ? 'hang' : undefined) });
    const config = configWith({ connectionArguments: { network_timeout: 0.02 } });
    const source = await openSnowflakeMetadata(config, recordedContext(), driver);
    const error = await thrownBy(() => source.stillThere({ database: 'D', schema: 'S' }, 'table', ['T']));
    expect(error).to.be.instanceOf(TransientError);
    expect(driver.cancelled).to.equal(1);
  });

  it('cancels the running statement when aborted', async () => {
    const controller = new AbortController();
    const driver = new FakeDriver({ answer: ({ sql }) => (sql.includes('INFORMATION_SCHEMA') ? 'hang' : undefined) });
    const source = await openSnowflakeMetadata(configWith(), recordedContext(controller.signal), driver);
    const reason = new Error('worker shuts down');
    setImmediate(() => controller.abort(reason));
    expect(await thrownBy(() => source.stillThere({ database: 'D', schema: 'S' }, 'table', ['T']))).to.equal(reason);
    expect(driver.cancelled).to.equal(1);
  });

  it('logs out when the server was told which statements to end, also of other work of this login', async () => {
    const controller = new AbortController();
    const driver = new FakeDriver({ answer: () => 'hang' });
    const connection = driver.createConnection({});
    const login = new Session(connection, recordedContext(), 10_000);
    const unit = login.forWork(recordedContext(controller.signal), 10_000);
    const running = thrownBy(() => unit.all({ sql: 'SELECT 1', doing: 'measuring' }));
    controller.abort(new Error('cancelled'));
    await running;
    await login.close();
    expect(driver.ends).to.deep.equal(['cancelled', 'logged out']);
  });

  it('does not log in when aborted before', async () => {
    const driver = new FakeDriver();
    const reason = new Error('cancelled');
    expect(
      await thrownBy(() => openSnowflakeMetadata(configWith(), recordedContext(AbortSignal.abort(reason)), driver))
    ).to.equal(reason);
    expect(driver.created).to.deep.equal([]);
  });
});
