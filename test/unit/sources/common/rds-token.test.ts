import { expect } from 'chai';
import { PermanentError } from '../../../../src/errors/index.js';
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
  at: new Date('2026-03-04T05:06:07Z'),
  environment: {},
};

function signatureOf(token: string): string | null {
  return new URL(`https://${token}`).searchParams.get('X-Amz-Signature');
}

/** Signatures made by botocore's generate_db_auth_token from the same input. */
describe('RDS token', () => {
  it('is the one that AWS makes', () => {
    const token = rdsToken(REQUEST);
    expect(token).to.match(
      /^db\.cluster-x\.eu-central-1\.rds\.amazonaws\.com:3306\/\?Action=connect&DBUser=in%20gest%27er%281%29&/
    );
    expect(signatureOf(token)).to.equal('bb210768078d75cadd16830d139d291a42ef0b23378cdaf131808e244fb36184');
  });

  it('carries the session token of temporary keys', () => {
    const token = rdsToken({ ...REQUEST, aws: { ...AWS, awsSessionToken: 'Sess+ion/Token==' } });
    expect(signatureOf(token)).to.equal('147ba8c9cfb6d1e2328a4ecf05cca6fc96e9d57453751cefe7d42fb0ebd4bc80');
  });

  it("takes keys from the worker's environment when the recipe has none", () => {
    const environment = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: AWS.awsSecretAccessKey };
    const aws = { enabled: true, awsRegion: 'eu-central-1', assumeRoleSessionName: 'OpenMetadataSession' };
    expect(rdsToken({ ...REQUEST, aws, environment })).to.equal(rdsToken(REQUEST));
    expect(() => rdsToken({ ...REQUEST, aws })).to.throw(PermanentError, 'no AWS keys');
  });

  it('is refused for roles and profiles, with what to do instead', () => {
    expect(() => rdsToken({ ...REQUEST, aws: { ...AWS, assumeRoleArn: 'arn:aws:iam::1:role/x' } })).to.throw(
      PermanentError,
      'assumeRoleArn'
    );
  });
});
