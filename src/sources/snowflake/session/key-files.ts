import { PermanentError } from '../../../errors/index.js';
import { FileRefused, readRegularFile, regularFilePath } from '../../../reach/index.js';
import type { DriverOptions } from './driver.js';
import { readPrivateKey } from './key-pair.js';

const AT = 'source.serviceConnection.config.connectionArguments';
/** As of any secret in a file. */
const MOST_TOKEN_BYTES = 64 * 1024;

/**
 * The driver opens files itself and would wait on a pipe forever: a key is read here, and a token file is checked.
 * @throws PermanentError for a file that this recipe may not name, AuthenticationError for a key file that isn't a key
 */
export async function withKeyFiles(options: DriverOptions): Promise<DriverOptions> {
  const { privateKeyPath, privateKeyPass, tokenFilePath, ...rest } = options;
  const pass = privateKeyPass === undefined ? undefined : String(privateKeyPass);
  return {
    ...rest,
    ...(privateKeyPath === undefined ? {} : { privateKey: await keyFile(String(privateKeyPath), pass) }),
    ...(tokenFilePath === undefined ? {} : { tokenFilePath: await tokenFile(String(tokenFilePath)) }),
  };
}

async function keyFile(path: string, pass: string | undefined): Promise<string> {
  const bytes = await allowed('private_key_file', path, (file) => readRegularFile(file));
  return readPrivateKey(bytes.toString('utf8'), pass);
}

function tokenFile(path: string): Promise<string> {
  return allowed('token_file_path', path, (file) => regularFilePath(file, MOST_TOKEN_BYTES));
}

async function allowed<T>(argument: string, path: string, read: (path: string) => Promise<T>): Promise<T> {
  try {
    return await read(path);
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    throw new PermanentError(`${argument} names ${path}, which ${error.message}.`, { where: `${AT}.${argument}` });
  }
}
