import { statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { AuthenticationError } from '../../errors/index.js';
import type { TokenProvider } from './bearer-token.js';

/** Longer texts are no paths; also keeps a long token from the file system. */
const MAX_PATH = 4_096;

/** The recipe's `jwtToken`: a token, or the path of a file that holds it. */
export function tokenProvider(jwtToken: string): TokenProvider {
  const text = jwtToken.trim();
  return looksLikePath(text) || isFile(text) ? fileToken(text) : inlineToken(text);
}

export function inlineToken(token: string): TokenProvider {
  return () => Promise.resolve(token);
}

/** Reads the token from a file, again whenever the file changes or its token was refused, so that tokens can be rotated under a run. */
export function fileToken(path: string): TokenProvider {
  let cached: { readonly stamp: string; readonly token: string } | undefined;
  return async ({ refresh = false } = {}) => {
    try {
      const { mtimeMs, size, ino } = await stat(path);
      const stamp = `${mtimeMs}:${size}:${ino}`;
      if (refresh || cached?.stamp !== stamp) cached = { stamp, token: (await readFile(path, 'utf8')).trim() };
      return cached.token;
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
      const remedy = 'jwtToken is a token, or the path of a file on the worker that holds one.';
      throw new AuthenticationError(`The token file ${path} cannot be read (${code}).`, { where: path, remedy, cause });
    }
  };
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
