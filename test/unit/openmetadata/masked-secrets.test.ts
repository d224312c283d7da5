import { expect } from 'chai';
import { maskedSecrets, SECRET_MASK } from '../../../src/openmetadata/index.js';

describe('maskedSecrets', () => {
  it('names every masked leaf, however deep', () => {
    const config = {
      username: 'om',
      authType: { password: SECRET_MASK },
      sslConfig: { caCertificate: SECRET_MASK, sslKey: 'text' },
      list: [{ token: SECRET_MASK }],
    };
    expect(maskedSecrets(config)).to.deep.equal(['authType.password', 'sslConfig.caCertificate', 'list.0.token']);
  });

  it('takes only nine asterisks for the mask', () => {
    expect(maskedSecrets({ a: '********', b: '**********', c: 'x*********', d: null, e: 9 })).to.deep.equal([]);
  });
});
