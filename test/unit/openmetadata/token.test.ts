import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { AuthenticationError } from '../../../src/errors/index.js';
import { checkToken, readTokenClaims, rereadToken, tokenProvider } from '../../../src/openmetadata/index.js';
import { errorOf, jwt } from './transport-under-test.js';

describe('the bearer token', () => {
  it("tells when it expires and whether it is a bot's", () => {
    expect(readTokenClaims(jwt({ exp: 1_700_000_000, isBot: true, sub: 'bot' }))).to.deep.equal({
      expiresAt: 1_700_000_000_000,
      isBot: true,
      subject: 'bot',
    });
  });

  it('may be no JWT at all', () => {
    for (const token of ['opaque', 'a.b.c', 'a..c', `x.${Buffer.from('7').toString('base64url')}.y`]) {
      expect(readTokenClaims(token), token).to.deep.equal({});
      expect(() => checkToken(token, 0)).to.not.throw();
    }
  });

  it('that has expired is refused with the time and the way to a new one, without the token', () => {
    const token = jwt({ exp: 1_700_000_000 });
    const check = (): void => checkToken(token, 1_700_000_000_001);
    expect(check).to.throw(AuthenticationError, 'expired at 2023-11-14T22:13:20.000Z');
    expect(check)
      .to.throw()
      .that.satisfies(
        (error: AuthenticationError) =>
          error.describe().includes('Settings > Bots') && !error.describe().includes(token)
      );
    expect(() => checkToken(token, 1_699_999_999_999)).to.not.throw();
  });

  it('with a date that cannot be shown is still refused as expired or taken', () => {
    expect(() => checkToken(jwt({ exp: -1e300 }), 0)).to.throw(AuthenticationError, 'an unreadable date');
    expect(() => checkToken(jwt({ exp: 1e300 }), 0)).to.not.throw();
  });

  it('that is empty or broken over lines is refused before it is sent', () => {
    expect(() => checkToken('', 0)).to.throw(AuthenticationError, 'empty');
    expect(() => checkToken('abc\ndef', 0)).to.throw(AuthenticationError, 'line breaks');
  });
});

describe('jwtToken of a recipe', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'token-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is a token when there is no such file', async () => {
    expect(await tokenProvider('eyJ.a.b')()).to.equal('eyJ.a.b');
  });

  it('is read from a file, and again when the file changes', async () => {
    const file = join(folder, 'token');
    writeFileSync(file, 'first\n');
    const provider = tokenProvider(file);
    expect(await provider()).to.equal('first');
    writeFileSync(file, 'second token\n');
    expect(await provider()).to.equal('second token');
  });

  it('is read again from where it is kept when it was refused, and only then', async () => {
    const kept = ['first', 'second'];
    const provider = rereadToken(() => Promise.resolve(kept.shift() ?? 'third'));
    expect([await provider(), await provider()]).to.deep.equal(['first', 'first']);
    expect([await provider({ refresh: true }), await provider()]).to.deep.equal(['second', 'second']);
  });

  it('names the file that cannot be read', async () => {
    const file = join(folder, 'missing');
    const error = await errorOf(tokenProvider(file)(), AuthenticationError);
    expect(error.describe()).to.include(file).and.to.include("doesn't exist on this worker");
  });
});
