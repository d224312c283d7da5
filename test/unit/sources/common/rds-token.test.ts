import { expect } from 'chai';
import { AuthenticationError } from '../../../../src/errors/index.js';
import { rdsToken, type RdsTokenRequest } from '../../../../src/sources/common/rds-token.js';

const AWS: RdsTokenRequest['aws'] = {
  enabled: true,
  awsRegion: 'eu-central-1',
  awsAccessKeyId: 'AKIAEXAMPLE',
  awsSecretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  assumeRoleSessionName: 'OpenMetadataSession',
};
const REQUEST: RdsTokenRequest = {
  host: 'db.cluster-x.eu-central-1.rds.amazonaws.com',
  port: 3306,
  user: "in gest'er(1)",
  aws: AWS,
};

async function partsOf(request: RdsTokenRequest): Promise<URLSearchParams> {
  const url = new URL(`https://${await rdsToken(request)}`);
  expect(url.host).to.equal('db.cluster-x.eu-central-1.rds.amazonaws.com:3306');
  return url.searchParams;
}

describe('RDS token', () => {
  it('is a presigned connect of the user in the region, for a quarter of an hour', async () => {
    const parts = await partsOf(REQUEST);
    expect(parts.get('Action')).to.equal('connect');
    expect(parts.get('DBUser')).to.equal("in gest'er(1)");
    expect(parts.get('X-Amz-Expires')).to.equal('900');
    expect(parts.get('X-Amz-Credential')).to.match(/^AKIAEXAMPLE\/\d{8}\/eu-central-1\/rds-db\/aws4_request$/);
  });

  it('carries the session token of temporary keys', async () => {
    const parts = await partsOf({ ...REQUEST, aws: { ...AWS, awsSessionToken: 'Sess+ion/Token==' } });
    expect(parts.get('X-Amz-Security-Token')).to.equal('Sess+ion/Token==');
  });

  it('is refused for a profile that is not there, with what to do instead', async () => {
    const aws = {
      enabled: true,
      awsRegion: 'eu-central-1',
      assumeRoleSessionName: 's',
      profileName: 'no-such-profile',
    };
    const error: unknown = await rdsToken({ ...REQUEST, aws }).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(AuthenticationError);
    expect((error as AuthenticationError).describe())
      .to.include('no-such-profile')
      .and.include('or profileName');
  });
});
