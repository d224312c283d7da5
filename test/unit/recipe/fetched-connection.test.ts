import { expect } from 'chai';
import type { PermanentError } from '../../../src/errors/index.js';
import { AuthenticationError } from '../../../src/errors/index.js';
import { parseFetchedConnection } from '../../../src/recipe/index.js';
import { redact } from '../../../src/secrets/index.js';

const MYSQL = { type: 'Mysql', username: 'om', hostPort: 'db:3306', authType: { password: 'fetched-hunter2' } };

async function thrown(parsing: Promise<unknown>): Promise<unknown> {
  const outcome = await parsing.then(
    () => 'nothing was thrown',
    (error: unknown) => error
  );
  return outcome;
}

/** A manager that holds one secret, and says where it was asked from. */
function managed(reference: string, path: string): Promise<string> {
  return Promise.resolve(`value of ${reference} at ${path}`);
}

function parse(type: string, value: unknown): ReturnType<typeof parseFetchedConnection> {
  return parseFetchedConnection(type, value, managed);
}

describe('a connection fetched from OpenMetadata', () => {
  it('gets its defaults; nulls and keys of a newer server are left out', async () => {
    const fetched = {
      ...MYSQL,
      databaseSchema: null,
      newKey: 1,
      sslConfig: { caCertificate: null },
      connectionArguments: { a: { b: 1 } },
    };
    expect(await parse('mysql', fetched)).to.deep.include({
      username: 'om',
      sslConfig: {},
      useSlowLogs: false,
      connectionArguments: { a: { b: 1 } },
      authType: { password: 'fetched-hunter2' },
    });
    expect(await parse('mysql', fetched)).not.to.have.any.keys('newKey', 'databaseSchema');
  });

  it('is found by the service type of OpenMetadata too', async () => {
    expect(await parse('Mysql', MYSQL)).to.have.property('type', 'Mysql');
  });

  it('has its secrets masked in messages from then on', async () => {
    await parse('mysql', {
      ...MYSQL,
      connectionArguments: { ssl_key: 'fetched-key-hunter2', charset: 'utf8mb4' },
    });
    expect(redact('fetched-hunter2 fetched-key-hunter2 utf8mb4')).to.equal('*** *** utf8mb4');
  });

  it('has them masked as numbers, under short names and at any depth below a secret key too', async () => {
    const connectionArguments = {
      passwd: 71234567,
      db_pass: 'fetched-pass',
      token: [{ of: 'fetched-token' }, 81234567],
    };
    await parse('mysql', { ...MYSQL, connectionArguments });
    expect(redact('71234567 fetched-pass fetched-token 81234567')).to.equal('*** *** *** ***');
  });

  it('is not read for references: a password that looks like one is a password', async () => {
    const config = await parse('mysql', { ...MYSQL, authType: { password: '${HOME}' } });
    expect(config).to.deep.include({ authType: { password: '${HOME}' } });
  });

  it('may have patterns that this version can not read, since they are not used', async () => {
    expect(await parse('mysql', { ...MYSQL, tableFilterPattern: { includes: ['('] } })).not.to.have.property(
      'tableFilterPattern'
    );
  });

  it('that is masked says that the token is not a bot’s', async () => {
    const error = await thrown(parse('mysql', { ...MYSQL, authType: { password: '*********' } }));
    expect(error).to.be.instanceOf(AuthenticationError);
    expect((error as AuthenticationError).describe()).to.equal(
      'OpenMetadata masked the secrets of the connection of this service: the token is not that of a bot. (at authType.password) ' +
        'Use the token of a bot (Settings, Bots), or write source.serviceConnection into the recipe.'
    );
  });

  it('is read from the secret manager of the server where its secrets are kept there; other texts are left alone', async () => {
    const config = await parse('mysql', {
      ...MYSQL,
      databaseName: 'secret:of-no-manager',
      authType: { password: 'secret:/om/database/mysql/password' },
      sslConfig: { caCertificate: 'secret:om-mysql-ca' },
    });
    expect(config).to.deep.include({
      databaseName: 'secret:of-no-manager',
      authType: { password: 'value of secret:/om/database/mysql/password at authType.password' },
      sslConfig: { caCertificate: 'value of secret:om-mysql-ca at sslConfig.caCertificate' },
    });
  });

  it('that can not be used names what is wrong with it, without its secrets', async () => {
    const error = await thrown(parse('mysql', { type: 'Mysql', authType: { password: 7 }, hostPort: 'db:3306' }));
    expect((error as PermanentError).describe()).to.equal(
      "the connection of the service in OpenMetadata can't be used: username: is required and missing. User of the database. authType.password: found a number; expected text. Put it in quotes. " +
        'Edit it in OpenMetadata, or write source.serviceConnection into the recipe.'
    );
  });

  it('must be there, and of a type with a connector', async () => {
    expect(String(await thrown(parse('mysql', null)))).to.include('OpenMetadata has no connection for this service');
    expect(String(await thrown(parse('Oracle', MYSQL)))).to.include(
      'there is no connector for the service type `Oracle`. Connectors: `mysql`, `postgres`, `snowflake`, `sqlite`'
    );
  });
});
