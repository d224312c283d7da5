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

describe('Secrets that are no texts', () => {
  const connection = {
    password: 7001,
    authType: { password: [7002, { part: 7003 }], privateKey: { lines: ['7004'] } },
    connectionArguments: {
      passwd: 7005,
      token: [7006, [true, null]],
      credentials: { user: '7007', pin: 7008, isFull: false },
      port: 3306,
    },
    connectionOptions: { deep: [{ pw: 7009.5 }] },
  };

  it('are masked as texts are, with all below a secret key, and come back from what was masked', () => {
    const masked = maskSecrets(connection);
    expect(masked).to.deep.equal({
      password: MASK,
      authType: { password: [MASK, { part: MASK }], privateKey: { lines: [MASK] } },
      connectionArguments: {
        passwd: MASK,
        token: [MASK, [MASK, null]],
        credentials: { user: MASK, pin: MASK, isFull: MASK },
        port: 3306,
      },
      connectionOptions: { deep: [{ pw: MASK }] },
    });
    expect(unmaskSecrets(masked, connection)).to.deep.equal(connection);
  });

  it('are sealed, and opened as what they were', () => {
    const vault = new SecretVault(Buffer.alloc(32, 1), () => expect.fail('lost'));
    const sealed = vault.seal(connection);
    expect(JSON.stringify(sealed)).not.to.match(/700\d|true|false/);
    expect(vault.open(sealed)).to.deep.equal(connection);
  });
});
