import { expect } from 'chai';
import { MASK, maskSecrets, SecretVault, unmaskSecrets } from '../../../src/local-catalog/secret-vault.js';

describe('Secrets in arguments of a driver', () => {
  const connection = {
    connectionArguments: {
      db_pass: 'secret-1',
      token: ['secret-2'],
      hosts: ['mysql://u:secret-3@h', 'h2'],
      deep: [{ pw: 'secret-4' }],
      init_command: "SET PASSWORD = 'secret-5'",
      odbc: 'Server=h;Pwd=secret-6',
    },
  };

  it('are masked in lists and under short names, and come back from what was masked', () => {
    const masked = maskSecrets(connection);
    expect(masked).to.deep.equal({
      connectionArguments: {
        db_pass: MASK,
        token: [MASK],
        hosts: [MASK, 'h2'],
        deep: [{ pw: MASK }],
        init_command: MASK,
        odbc: MASK,
      },
    });
    expect(unmaskSecrets(masked, connection)).to.deep.equal(connection);
  });

  it('are sealed there as well', () => {
    const vault = new SecretVault(Buffer.alloc(32, 1), () => expect.fail('lost'));
    const sealed = vault.seal(connection);
    expect(JSON.stringify(sealed)).not.to.match(/secret-/);
    expect(vault.open(sealed)).to.deep.equal(connection);
  });
});
