import { expect } from 'chai';
import { PermanentError } from '../../src/errors/index.js';

describe('The text of an error', () => {
  const text = (message: string, where?: string, remedy?: string): string =>
    new PermanentError(message, {
      ...(where === undefined ? {} : { where }),
      ...(remedy === undefined ? {} : { remedy }),
    }).describe();

  it('is what happened, where, and what to do, as sentences', () => {
    expect(text('It is not there.', undefined, 'Make it.')).to.equal('It is not there. Make it.');
    expect(text('access denied', undefined, 'Grant it.')).to.equal('access denied. Grant it.');
    expect(text('access denied', 'source.type', 'Grant it.')).to.equal('access denied (at source.type). Grant it.');
    expect(text('access denied', 'source.type')).to.equal('access denied (at source.type)');
  });

  it('names the place once', () => {
    expect(text('source.type is wrong.', 'source.type')).to.equal('source.type is wrong.');
  });
});
