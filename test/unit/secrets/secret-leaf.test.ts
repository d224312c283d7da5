import { expect } from 'chai';
import { z } from 'zod';
import { isSecretLeaf, looksLikeSecretKey, secretLeaf } from '../../../src/secrets/index.js';

describe('a secret leaf of a model', () => {
  it('is known as one, with a description and further checks too', () => {
    for (const leaf of [secretLeaf(), secretLeaf('A token.'), secretLeaf().min(1), secretLeaf().describe('x')]) {
      expect(isSecretLeaf(leaf)).to.equal(true);
    }
    expect(isSecretLeaf(z.string())).to.equal(false);
  });

  it('is marked in the JSON Schema as OpenMetadata marks it', () => {
    expect(z.toJSONSchema(secretLeaf('A token.'))).to.include({
      format: 'password',
      writeOnly: true,
      description: 'A token.',
    });
  });
});

describe('the name of a free key', () => {
  for (const name of [
    'password',
    'PASSWORD',
    'passwd',
    'pwd',
    'ssl_key',
    'sslKey',
    'token',
    'authToken',
    'access-token',
    'client_secret',
    'secretValue',
    'apiKey',
    'private_key',
    'privateKeyPassphrase',
    'credentials',
    'Authorization',
    'Cookie',
    'passphrase',
  ]) {
    it(`tells a secret: ${name}`, () => expect(looksLikeSecretKey(name)).to.equal(true));
  }
  for (const name of [
    'user',
    'charset',
    'private_key_path',
    'token_url',
    'secretName',
    'awsAccessKeyId',
    'keepalive',
    'ssl_ca',
    'authenticator',
    'timeout',
  ]) {
    it(`tells none: ${name}`, () => expect(looksLikeSecretKey(name)).to.equal(false));
  }
});
