import { expect } from 'chai';
import { AuthenticationError, PermanentError } from '../../../src/errors/index.js';
import { parseFetchedConnection } from '../../../src/recipe/index.js';
import { redact } from '../../../src/secrets/index.js';

const MYSQL = { type: 'Mysql', username: 'om', hostPort: 'db:3306', authType: { password: 'fetched-hunter2' } };

function thrown(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('a connection fetched from OpenMetadata', () => {
  it('gets its defaults; nulls and keys of a newer server are left out', () => {
    const fetched = {
      ...MYSQL,
      databaseSchema: null,
      newKey: 1,
      sslConfig: { caCertificate: null },
      connectionArguments: { a: { b: 1 } },
    };
    expect(parseFetchedConnection('mysql', fetched)).to.deep.include({
      username: 'om',
      sslConfig: {},
      useSlowLogs: false,
      connectionArguments: { a: { b: 1 } },
      authType: { password: 'fetched-hunter2' },
    });
    expect(parseFetchedConnection('mysql', fetched)).not.to.have.any.keys('newKey', 'databaseSchema');
  });

  it('is found by the service type of OpenMetadata too', () => {
    expect(parseFetchedConnection('Mysql', MYSQL)).to.have.property('type', 'Mysql');
  });

  it('has its secrets masked in messages from then on', () => {
    parseFetchedConnection('mysql', {
      ...MYSQL,
      connectionArguments: { ssl_key: 'fetched-key-hunter2', charset: 'utf8mb4' },
    });
    expect(redact('fetched-hunter2 fetched-key-hunter2 utf8mb4')).to.equal('*** *** utf8mb4');
  });

  it('is not read for references: a password that looks like one is a password', () => {
    const config = parseFetchedConnection('mysql', { ...MYSQL, authType: { password: '${HOME}' } });
    expect(config).to.deep.include({ authType: { password: '${HOME}' } });
  });

  it('may have patterns that this version can not read, since they are not used', () => {
    expect(() => parseFetchedConnection('mysql', { ...MYSQL, tableFilterPattern: { includes: ['('] } })).not.to.throw();
  });

  it('that is masked says that the token is not a bot’s', () => {
    const error = thrown(() => parseFetchedConnection('mysql', { ...MYSQL, authType: { password: '*********' } }));
    expect(error).to.be.instanceOf(AuthenticationError);
    expect((error as AuthenticationError).describe()).to.equal(
      'OpenMetadata masked the secrets of the connection of this service: the token is not that of a bot. (at authType.password) ' +
        'Use the token of a bot (Settings, Bots), or write source.serviceConnection into the recipe.'
    );
  });

  it('that is kept in a secret manager of the server says so', () => {
    const error = thrown(() =>
      parseFetchedConnection('mysql', { ...MYSQL, authType: { password: 'secret:/om/database/mysql/password' } })
    );
    expect(error).to.be.instanceOf(PermanentError);
    expect((error as PermanentError).describe()).to.equal(
      "the connection of this service is kept in the secret manager of the OpenMetadata server, which this version can't read. " +
        '(at authType.password) Write source.serviceConnection into the recipe, with ${VARIABLE} or file:/absolute/path references.'
    );
  });

  it('that can not be used names what is wrong with it, without its secrets', () => {
    const error = thrown(() =>
      parseFetchedConnection('mysql', { type: 'Mysql', authType: { password: 7 }, hostPort: 'db:3306' })
    );
    expect((error as PermanentError).describe()).to.equal(
      "the connection of the service in OpenMetadata can't be used: username: is required and missing. User of the database. authType.password: found a number; expected text. Put it in quotes. " +
        'Edit it in OpenMetadata, or write source.serviceConnection into the recipe.'
    );
  });

  it('must be there, and of a type with a connector', () => {
    expect(() => parseFetchedConnection('mysql', null)).to.throw('OpenMetadata has no connection for this service');
    expect(() => parseFetchedConnection('Oracle', MYSQL)).to.throw(
      'there is no connector for the service type `Oracle`. Connectors: `mysql`, `postgres`, `snowflake`, `sqlite`'
    );
  });
});
