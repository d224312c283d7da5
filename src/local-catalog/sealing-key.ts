import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const KEY_BYTES = 32;

/**
 * The key under which secrets are stored: the file `<file>.key`, created at the first start and readable by its owner
 * only. The database file alone gives no secret away. A catalog in memory has a key in memory.
 * @throws Error for a key file that holds something else
 */
export function readSealingKey(file: string): Buffer {
  if (file === ':memory:') return randomBytes(KEY_BYTES);
  const keyFile = `${file}.key`;
  const key = Buffer.from(readOrMake(keyFile).trim(), 'base64');
  if (key.length === KEY_BYTES) return key;
  throw new Error(
    `${keyFile} holds no key of ${KEY_BYTES} bytes. Put back the one made with ${file}, or remove it to start a new one.`
  );
}

function readOrMake(keyFile: string): string {
  try {
    return readFileSync(keyFile, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  const key = randomBytes(KEY_BYTES).toString('base64');
  writeFileSync(keyFile, `${key}\n`, { mode: 0o600, flag: 'wx' });
  return key;
}
