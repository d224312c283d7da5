import { FileRefused, readRegularFile } from '../reach/index.js';
import { Secret } from './secret.js';
import { type SecretSource, unresolved } from './secret-source.js';

/** `file:/run/secrets/password`: the content of a file on the worker, without trailing white space. */
export const fileSource: SecretSource = {
  scheme: 'file:',
  async resolve(reference) {
    const path = reference.slice(this.scheme.length);
    const content = await readRegularFile(path).catch((error: unknown) => {
      if (!(error instanceof FileRefused)) throw error;
      throw unresolved(`${path} ${error.message}. Put the file there, readable for the worker's user.`);
    });
    const value = content.toString('utf8').trimEnd();
    if (value === '') throw unresolved(`${path} is empty. Write the secret into it.`);
    return new Secret(value);
  },
};
