import { expect } from 'chai';
import { openAzureKeyVault } from '../../../src/secrets/managers/azure-key-vault.js';
import { AIRFLOW, delayOf, lookUp, refusalOf, type Open } from './lookups.js';
import { startRestServer, type RestAnswer, type RestCall, type RestServer } from './rest-server.js';

const APPLICATION = {
  AZURE_TENANT_ID: 'tenant-a',
  AZURE_CLIENT_ID: 'client-a',
  AZURE_CLIENT_SECRET: 'azure-client-hunter2',
};
const ENV = { ...APPLICATION, AZURE_KEY_VAULT_NAME: 'shop-vault' };

const ANSWERS: Readonly<Record<string, RestAnswer>> = {
  'shop-password': {
    body: { value: 'azure-hunter2', id: 'https://shop-vault.vault.azure.net/secrets/shop-password/1', attributes: {} },
  },
  forbidden: {
    status: 403,
    body: { error: { code: 'Forbidden', message: 'Caller is not authorized to perform action on resource.' } },
  },
  bad_id: {
    status: 400,
    body: { error: { code: 'BadParameter', message: 'The request URI contains an invalid name: bad_id' } },
  },
  busy: {
    status: 429,
    body: {
      error: { code: 'Throttled', message: 'Request was not processed because too many requests were received.' },
    },
  },
};
const ABSENT: RestAnswer = {
  status: 404,
  body: {
    error: { code: 'SecretNotFound', message: 'A secret with (name/id) other was not found in this key vault.' },
  },
};

describe('secrets in Azure Key Vault', function () {
  this.timeout(240_000);
  let server: RestServer;
  /** Entra ID and the vault in one: they are told apart by their paths. */
  function azure({ path, authorization }: RestCall): RestAnswer {
    const [, tenant] = /^\/([^/]+)\/(?:v2\.0|oauth2)\//.exec(path) ?? [];
    if (tenant === 'tenant-b')
      return { status: 400, body: { error: 'invalid_client', error_description: 'AADSTS90002: Tenant not found.' } };
    if (path.endsWith('/openid-configuration')) {
      const at = `${server.url}/${tenant}`;
      return {
        body: {
          token_endpoint: `${at}/oauth2/v2.0/token`,
          authorization_endpoint: `${at}/oauth2/v2.0/authorize`,
          issuer: `${at}/v2.0`,
          jwks_uri: `${at}/keys`,
        },
      };
    }
    if (path.endsWith('/token'))
      return { body: { token_type: 'Bearer', expires_in: 3600, access_token: 'token-of-azure' } };
    if (authorization !== 'Bearer token-of-azure') {
      const challenge = `Bearer authorization="${server.url}/tenant-a", resource="https://vault.azure.net"`;
      return { status: 401, headers: { 'www-authenticate': challenge }, body: {} };
    }
    const [, name = ''] = /^\/secrets\/([^/]+)/.exec(path) ?? [];
    return ANSWERS[name] ?? ABSENT;
  }
  before(async () => {
    server = await startRestServer(azure);
  });
  after(() => server.close());

  const open: Open = (settings) => {
    const tlsOptions = { ca: server.ca };
    const retryOptions = { maxRetries: 0 };
    return openAzureKeyVault(settings, {
      vaultUrl: server.url,
      client: { disableChallengeResourceVerification: true, tlsOptions, retryOptions },
      credential: { authorityHost: server.url, disableInstanceDiscovery: true, tlsOptions, retryOptions },
    });
  };

  it('are read from the vault of AZURE_KEY_VAULT_NAME with loader env, with the SDK’s default credential', async () => {
    expect(await lookUp('shop-password', { open, env: ENV })).to.equal('azure-hunter2');
  });

  it('are read with the vault and application of Airflow’s variables with loader airflow', async () => {
    const env = Object.fromEntries(Object.entries(ENV).map(([name, value]) => [`${AIRFLOW}${name}`, value]));
    expect(await lookUp('shop-password', { open, loader: 'airflow', env })).to.equal('azure-hunter2');
  });

  it('need a vault: the SDK has no default one', async () => {
    expect(await refusalOf('x', { open, loader: 'noop', env: ENV })).to.equal(
      'secretsManagerLoader noop leaves everything to the SDK, which has no default for the name of the Key Vault. Write secretsManagerLoader: env and set AZURE_KEY_VAULT_NAME in the environment of every worker.'
    );
    expect(await refusalOf('x', { open, env: { ...ENV, AZURE_KEY_VAULT_NAME: 'evil.example/?' } })).to.match(
      /^AZURE_KEY_VAULT_NAME is "evil\.example\/\?", which isn't the name of a Key Vault: /
    );
    const half = { [`${AIRFLOW}AZURE_KEY_VAULT_NAME`]: 'shop-vault', [`${AIRFLOW}AZURE_CLIENT_ID`]: 'client-a' };
    expect(await refusalOf('x', { open, loader: 'airflow', env: { ...ENV, ...half } })).to.equal(
      `${AIRFLOW}AZURE_CLIENT_ID is set without ${AIRFLOW}AZURE_TENANT_ID, ${AIRFLOW}AZURE_CLIENT_SECRET. Set all of them, or none to leave the identity to the SDK.`
    );
    expect(await refusalOf('x', { open, env: APPLICATION })).to.equal(
      'secretsManagerLoader env takes the name of the Key Vault from AZURE_KEY_VAULT_NAME, which is not set. Set it in the environment of every worker and start them again.'
    );
    expect(await refusalOf('x', { open, loader: 'airflow', env: ENV })).to.equal(
      `secretsManagerLoader airflow takes the name of the Key Vault from ${AIRFLOW}AZURE_KEY_VAULT_NAME, which is not set. Set it in the environment of every worker and start them again. A worker has no airflow.cfg: Airflow's environment variables count alone.`
    );
  });

  it('that are not there, not for this worker, or no ids say so', async () => {
    expect(await refusalOf('other', { open, env: ENV })).to.equal(
      "secret:other can't be read: Azure Key Vault shop-vault has no such secret (SecretNotFound: A secret with (name/id) other was not found in this key vault). Check the id, and where it is looked for: the name of the vault (AZURE_KEY_VAULT_NAME)."
    );
    expect(await refusalOf('forbidden', { open, env: ENV })).to.equal(
      "secret:forbidden can't be read: Azure Key Vault shop-vault does not let this worker read it (Forbidden: Caller is not authorized to perform action on resource). Grant the worker's identity the role Key Vault Secrets User (or an access policy with secrets/get) on it."
    );
    expect(await refusalOf('bad_id', { open, env: ENV })).to.include(
      "doesn't take this for the id of a secret (BadParameter"
    );
  });

  it('need an identity that Entra ID accepts', async () => {
    const wrong = await refusalOf('shop-password', { open, env: { ...ENV, AZURE_TENANT_ID: 'tenant-b' } });
    expect(wrong).to.match(
      /^secret:shop-password can't be read: Azure Key Vault shop-vault doesn't accept who the worker says it is \(/
    );
    expect(wrong)
      .to.include('Give every worker an identity: AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET')
      .and.not.include('hunter2');
  });

  it('of a vault that is busy are tried again', async () => {
    expect(await delayOf('busy', { open, env: ENV })).to.match(
      /^secret:busy can't be read: Azure Key Vault shop-vault gave no answer \(Throttled/
    );
  });
});
