import { expect } from 'chai';
import { azureTokens } from '../../../src/sources/common/azure-token.js';
import { rdsToken } from '../../../src/sources/common/rds-token.js';
import { startMoto } from '../../services/moto.js';
import { startRestServer } from './rest-server.js';

describe('tokens to log in to a database with', function () {
  this.timeout(300_000);

  it('of AWS are those of the role that the recipe names, by its keys', async () => {
    const moto = await startMoto();
    try {
      const aws = {
        enabled: true,
        awsRegion: 'eu-west-1',
        awsAccessKeyId: 'moto',
        awsSecretAccessKey: 'moto-secret',
        endPointURL: moto.url,
        assumeRoleArn: 'arn:aws:iam::123456789012:role/ingest',
        assumeRoleSessionName: 'OpenMetadataSession',
      };
      const token = new URL(`https://${await rdsToken({ host: 'db', port: 3306, user: 'ingest', aws })}`).searchParams;
      expect(token.get('X-Amz-Credential')).to.match(/^ASIA/);
      expect(token.get('X-Amz-Security-Token')).to.be.a('string');
    } finally {
      await moto.stop();
    }
  });

  it('of Azure are those of the application that the recipe names; without one the words of Entra ID are told', async () => {
    let known = true;
    let at = '';
    const server = await startRestServer(({ path }) => {
      if (path.endsWith('/openid-configuration'))
        return {
          body: {
            token_endpoint: `${at}/t/oauth2/v2.0/token`,
            authorization_endpoint: `${at}/t/oauth2/v2.0/authorize`,
            issuer: `${at}/t/v2.0`,
            jwks_uri: `${at}/t/keys`,
          },
        };
      return known
        ? { body: { token_type: 'Bearer', expires_in: 3600, access_token: 'entra-token' } }
        : {
            status: 401,
            body: { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret.' },
          };
    });
    at = server.url;
    const options = {
      authorityHost: server.url,
      disableInstanceDiscovery: true,
      tlsOptions: { ca: server.ca },
      retryOptions: { maxRetries: 0 },
    };
    const application = { tenantId: 't', clientId: 'c', clientSecret: 'azure-hunter2' };
    try {
      expect(await azureTokens(application, options)()).to.equal('entra-token');
      known = false;
      const error: unknown = await azureTokens({ ...application, clientId: 'd' }, options)().catch(
        (thrown: unknown) => thrown
      );
      expect(error).to.have.property('name', 'AuthenticationError');
      expect(String(error))
        .to.include('Entra ID gives no access token')
        .and.include('AADSTS7000215')
        .and.not.include('hunter2');
    } finally {
      await server.close();
    }
  });
});
