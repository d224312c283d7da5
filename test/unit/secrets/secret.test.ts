import { inspect } from 'node:util';
import { expect } from 'chai';
import { redact, Secret } from '../../../src/secrets/index.js';

describe('a Secret', () => {
  it('shows itself only when asked', () => {
    const secret = new Secret('secret-class-hunter2');
    expect(secret.reveal()).to.equal('secret-class-hunter2');
    expect(String(secret)).to.equal('***');
    expect(JSON.stringify({ secret })).to.equal('{"secret":"***"}');
    expect(inspect({ secret, list: [secret] })).to.equal('{ secret: ***, list: [ *** ] }');
    expect(inspect(new Error('x', { cause: secret }))).not.to.include('hunter2');
    expect(Object.keys(secret)).to.deep.equal([]);
  });

  it('is masked in other texts from its making on', () => {
    new Secret('secret-class-hunter2');
    expect(redact('password=secret-class-hunter2;')).to.equal('password=***;');
  });
});
