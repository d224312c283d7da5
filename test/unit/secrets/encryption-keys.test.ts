import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { PermanentError } from '../../../src/errors/index.js';
import { EncryptionKeys, KEYS_VARIABLE } from '../../../src/secrets/index.js';

const key = (letter: string): string => Buffer.alloc(32, letter).toString('base64');
const keys = (text: string): EncryptionKeys => {
  const found = EncryptionKeys.fromEnvironment({ [KEYS_VARIABLE]: text });
  if (found === undefined) throw new Error('no keys');
  return found;
};

describe('Keys of encryption', () => {
  it('read what they sealed, which is never twice the same and shows nothing', () => {
    const one = keys(`new:${key('n')},old:${key('o')}`);
    const [first, second] = [one.seal(Buffer.from('hunter2')), one.seal(Buffer.from('hunter2'))];
    expect(first.keyId).to.equal('new');
    expect(Buffer.from(first.data).equals(second.data)).to.equal(false);
    expect(Buffer.from(first.data).includes('hunter2')).to.equal(false);
    expect(one.open(first).toString()).to.equal('hunter2');
  });

  it('read what an older key sealed once a newer one stands before it', () => {
    const sealed = keys(`old:${key('o')}`).seal(Buffer.from('kept'));
    expect(
      keys(`new:${key('n')},old:${key('o')}`)
        .open(sealed)
        .toString()
    ).to.equal('kept');
  });

  it('say which key is missing, and that one of the same id is another', () => {
    const sealed = keys(`old:${key('o')}`).seal(Buffer.from('kept'));
    const missing = (): unknown => keys(`new:${key('n')}`).open(sealed);
    expect(missing).to.throw(PermanentError, `encrypted by the key old, which this process doesn't have`);
    expect(missing).to.throw(`${KEYS_VARIABLE} has new`);
    expect(() => keys(`old:${key('x')}`).open(sealed)).to.throw(PermanentError, 'another key of that id');
  });

  it('refuse what was changed by a single bit, or cut', () => {
    const { keyId, data } = keys(`a:${key('a')}`).seal(Buffer.from('kept'));
    const changed = Buffer.from(data);
    changed.writeUInt8((changed[14] ?? 0) ^ 1, 14);
    for (const bytes of [changed, data.subarray(0, 20), Buffer.alloc(3)])
      expect(() => keys(`a:${key('a')}`).open({ keyId, data: bytes })).to.throw(PermanentError, "can't be read");
  });

  it('may stand in a file, a line each', () => {
    const folder = mkdtempSync(join(tmpdir(), 'om-keys-'));
    try {
      writeFileSync(join(folder, 'keys'), `\n2026-11:${key('n')}\n2026-05:${key('o')}\n`);
      expect(keys(`file:${join(folder, 'keys')}`).seal(Buffer.from('x')).keyId).to.equal('2026-11');
      expect(() => keys(`file:${join(folder, 'none')}`)).to.throw(PermanentError, "doesn't exist on this worker");
      expect(() => keys('file:/dev/zero')).to.throw(PermanentError, 'is not a regular file');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('are none without the variable, and refused without a word of them when they are not right', () => {
    expect(EncryptionKeys.fromEnvironment({})).to.equal(undefined);
    for (const [text, found] of [
      [key('a'), 'entry 1 of 1 is no ID:KEY'],
      [`a:${key('a')},b:hunter2`, 'entry 2 of 2 is no ID:KEY'],
      [`a:${Buffer.alloc(16).toString('base64')}`, 'entry 1 of 1'],
      [`a:${key('a')},a:${key('b')}`, 'the id a is there twice'],
      [',', 'there is no key'],
    ] as const) {
      expect(() => keys(text))
        .to.throw(PermanentError, found)
        .with.property('message')
        .that.not.matches(/hunter2|YWFh/);
    }
  });
});
