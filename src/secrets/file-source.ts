import { open } from 'node:fs/promises';
import { Secret } from './secret.js';
import { type SecretSource, unresolved } from './secret-source.js';

/** Bytes; a PEM key has 2–4 KiB. */
const LARGEST = 64 * 1024;

/** `file:/run/secrets/password`: the content of a file on the worker, without trailing white space. */
export const fileSource: SecretSource = {
  scheme: 'file:',
  async resolve(reference) {
    const path = reference.slice(this.scheme.length);
    const content = await readStart(path);
    if (content.length > LARGEST) throw unresolved(`${path} is larger than 64 KiB, too large for a secret.`);
    const value = content.toString('utf8').trimEnd();
    if (value === '') throw unresolved(`${path} is empty. Write the secret into it.`);
    return new Secret(value);
  },
};

/** At most one byte more than a secret may have: a path of an endless device must not hang the worker. */
async function readStart(path: string): Promise<Buffer> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(LARGEST + 1), 0, LARGEST + 1, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw unresolved(
      `${path} can't be read on this worker (${code}). Put the file there, readable for the worker's user.`
    );
  }
}
