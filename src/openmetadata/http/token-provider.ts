import { statSync } from 'node:fs';
import { AuthenticationError } from '../../errors/index.js';
import { FileRefused, openRegularFile, readRegularFile } from '../../reach/index.js';
import type { TokenProvider } from './bearer-token.js';

/** Longer texts aren't paths; also keeps a long token away from the file system. */
const MAX_PATH = 4_096;

/** The recipe's `jwtToken`: a token, or the path of a file that contains it. */
export function tokenProvider(jwtToken: string): TokenProvider {
  const text = jwtToken.trim();
  return looksLikePath(text) || isFile(text) ? fileToken(text) : inlineToken(text);
}

export function inlineToken(token: string): TokenProvider {
  return () => Promise.resolve(token);
}

/** Reads the token when first needed, and again after it was refused. */
export function rereadToken(read: () => Promise<string>): TokenProvider {
  let held: Promise<string> | undefined;
  return ({ refresh = false } = {}) => {
    if (refresh || held === undefined) {
      const reading = read();
      held = reading;
      reading.catch(() => {
        if (held === reading) held = undefined;
      });
    }
    return held;
  };
}

/**
 * Reads the token from a file, again whenever the file changes or its token was refused, so that tokens can be rotated
 * during a run.
 */
export function fileToken(path: string): TokenProvider {
  let cached: { readonly stamp: string; readonly token: string } | undefined;
  return async ({ refresh = false } = {}) => {
    try {
      const stamp = await stampOf(path);
      if (refresh || cached?.stamp !== stamp)
        cached = { stamp, token: (await readRegularFile(path)).toString('utf8').trim() };
      return cached.token;
    } catch (cause) {
      if (!(cause instanceof FileRefused)) throw cause;
      const remedy = 'jwtToken is a token, or the path of a file on the worker that holds one.';
      throw new AuthenticationError(`The token file ${path} ${cause.message}.`, { where: path, remedy, cause });
    }
  };
}

/** Changes when the file does. */
async function stampOf(path: string): Promise<string> {
  const handle = await openRegularFile(path);
  try {
    const { mtimeMs, size, ino } = await handle.stat();
    return `${mtimeMs}:${size}:${ino}`;
  } finally {
    await handle.close();
  }
}

/** True for what is plainly a path, whether the file exists or not: words between slashes. No token looks like this. */
export function isTokenPath(text: string): boolean {
  return looksLikePath(text) && /^[\w.~-]*(?:\/[\w.~ -]+){2,}$/.test(text);
}

function looksLikePath(text: string): boolean {
  return /^(\/|\.\.?\/)/.test(text) && text.length <= MAX_PATH;
}

function isFile(text: string): boolean {
  if (text === '' || text.length > MAX_PATH || text.includes('\0')) return false;
  try {
    return statSync(text).isFile();
  } catch {
    return false;
  }
}
