import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { AuthenticationError, PermanentError } from '../../../../src/errors/index.js';
import { openSnowflakeMetadata } from '../../../../src/sources/snowflake/metadata.js';
import type { DriverOptions } from '../../../../src/sources/snowflake/session/driver.js';
import { configWith, FakeDriver, recordedContext } from './fake-driver.js';

const PASSPHRASE = 'open sesame';
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const plainPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const encryptedPem = privateKey
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE })
  .toString();

async function optionsFor(values: Readonly<Record<string, unknown>>): Promise<DriverOptions> {
  const driver = new FakeDriver();
  const source = await openSnowflakeMetadata(configWith(values), recordedContext(), driver);
  await source.close();
  return driver.created[0] ?? {};
}

async function refusal(values: Readonly<Record<string, unknown>>): Promise<Error> {
  try {
    await optionsFor(values);
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}

describe('Snowflake: what the driver is asked to connect with', () => {
  it('is not asked with a price of credits below 0', () => {
    expect(configWith({ creditCost: 0 }).creditCost).to.equal(0);
    expect(() => configWith({ creditCost: -2 })).to.throw(/creditCost/);
  });

  it('logs in with user and password, on the recipe’s warehouse and role', async () => {
    expect(await optionsFor({ role: 'READER' })).to.include({
      account: 'org-acc',
      username: 'ANNA',
      password: 'correct horse',
      warehouse: 'WH',
      role: 'READER',
      clientSessionKeepAlive: false,
    });
  });

  it('takes host, port and protocol for another address', async () => {
    const options = await optionsFor({ connectionArguments: { host: '127.0.0.1', port: 8901, protocol: 'http' } });
    expect(options['accessUrl']).to.equal('http://127.0.0.1:8901');
    expect(options).not.to.have.any.keys('host', 'port', 'protocol');
  });

  it('takes no host, port and protocol that lead to another host together', async () => {
    for (const more of [{ port: '@evil.com' }, { protocol: 'https://evil.com/?' }, { host: 'evil.com/.example.com' }]) {
      const error = await optionsFor({ connectionArguments: { host: 'a.example.com', ...more } }).catch(String);
      expect(error).to.contain(`connectionArguments.${Object.keys(more)[0] ?? ''} must be`);
    }
  });

  it('goes to the account’s own address when host is empty', async () => {
    const options = await optionsFor({ connectionArguments: { host: '', port: '443', protocol: 'https' } });
    expect(options).not.to.have.property('accessUrl');
  });

  it('speaks https to a host without protocol and port', async () => {
    const options = await optionsFor({ connectionArguments: { host: 'org-acc.privatelink.snowflakecomputing.com' } });
    expect(options['accessUrl']).to.equal('https://org-acc.privatelink.snowflakecomputing.com');
  });

  for (const [how, text] of [
    ['with real newlines', plainPem],
    ['with \\n written out', plainPem.replaceAll('\n', '\\n')],
    ['with newlines lost to spaces', plainPem.replaceAll('\n', ' ')],
  ] as const) {
    it(`hands over a private key ${how} as the same PEM`, async () => {
      const options = await optionsFor({ privateKey: text, password: undefined });
      expect(options).to.include({ authenticator: 'SNOWFLAKE_JWT', privateKey: plainPem });
      expect(options).not.to.have.any.keys('password', 'privateKeyPass');
    });
  }

  it('opens an encrypted private key with its passphrase', async () => {
    const options = await optionsFor({
      privateKey: encryptedPem.replaceAll('\n', '\\n'),
      snowflakePrivatekeyPassphrase: PASSPHRASE,
    });
    expect(options).to.include({ authenticator: 'SNOWFLAKE_JWT', privateKey: plainPem });
  });

  it('prefers the key pair when a password is set as well', async () => {
    expect(await optionsFor({ privateKey: plainPem })).not.to.have.property('password');
  });

  it('refuses a wrong passphrase without quoting it or the key', async () => {
    const error = await refusal({ privateKey: encryptedPem, snowflakePrivatekeyPassphrase: 'not the passphrase' });
    expect(error).to.be.instanceOf(AuthenticationError);
    expect(error.message).to.contain('passphrase');
    expect(JSON.stringify([error.message, error.cause]))
      .not.to.contain('not the passphrase')
      .and.not.to.contain('BEGIN');
  });

  it('asks for the passphrase of an encrypted key that has none', async () => {
    expect((await refusal({ privateKey: encryptedPem })).message).to.match(/encrypted.*no passphrase/);
  });

  it('says that a text is no private key without quoting it', async () => {
    const error = await refusal({ privateKey: 'c2VjcmV0LWtleS10ZXh0' });
    expect(error).to.be.instanceOf(AuthenticationError);
    expect(error.message).not.to.contain('c2VjcmV0');
  });

  it('logs in by OAuth when a token is given', async () => {
    const options = await optionsFor({ password: undefined, connectionArguments: { token: 'oauth-token' } });
    expect(options).to.include({ authenticator: 'OAUTH', token: 'oauth-token' });
  });

  it('logs in with a programmatic access token', async () => {
    const options = await optionsFor({
      password: undefined,
      connectionArguments: { authenticator: 'programmatic_access_token', token: 'pat-token' },
    });
    expect(options).to.include({ authenticator: 'PROGRAMMATIC_ACCESS_TOKEN', token: 'pat-token' });
  });

  it('takes the same from connectionOptions, arguments winning', async () => {
    const options = await optionsFor({
      password: undefined,
      connectionOptions: { authenticator: 'oauth', token: 'old' },
      connectionArguments: { token: 'new' },
    });
    expect(options).to.include({ authenticator: 'OAUTH', token: 'new' });
  });

  it('refuses a login that needs a browser', async () => {
    const error = await refusal({ connectionArguments: { authenticator: 'externalbrowser' } });
    expect(error).to.be.instanceOf(AuthenticationError);
    expect(error.message).to.contain('browser');
  });

  it('says what is missing when there is nothing to log in with', async () => {
    const error = await refusal({ password: undefined });
    expect(error).to.be.instanceOf(AuthenticationError).with.property('remedy').that.contains('privateKey');
  });

  it('keeps the session alive when the recipe wants it', async () => {
    expect(await optionsFor({ clientSessionKeepAlive: true })).to.include({ clientSessionKeepAlive: true });
  });

  it('names arguments the driver does not know and does not send them', async () => {
    const driver = new FakeDriver();
    const context = recordedContext();
    await openSnowflakeMetadata(
      configWith({ connectionArguments: { arrow_number_to_decimal: true } }),
      context,
      driver
    );
    expect(driver.created[0]).not.to.have.any.keys('arrow_number_to_decimal', 'arrowNumberToDecimal');
    expect(context.warnings).to.have.length(1);
    expect(context.warnings[0]).to.contain('connectionArguments.arrow_number_to_decimal');
  });

  it('refuses a time-out that is no number of seconds', async () => {
    const error = await refusal({ connectionArguments: { network_timeout: 'soon' } });
    expect(error).to.be.instanceOf(PermanentError).with.property('where').that.contains('network_timeout');
  });
});
