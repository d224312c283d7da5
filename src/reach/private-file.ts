import { chmodSync, closeSync, lstatSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { resolve, sep } from 'node:path';

const OWNER = 0o600;
const OWNER_FOLDER = 0o700;
const OTHERS = 0o077;
/**
 * Folders of this name are this project's alone, so others lose access to an existing one. Any other folder may serve
 * somebody's other purposes.
 */
const OWN_FOLDER = '.om-ingest';

/**
 * Makes a folder, and missing ones above it, for this user alone. @param isOwn nothing else is kept in it: permissions
 * of an existing one are restricted too
 */
export function makePrivateFolder(folder: string, isOwn = resolve(folder).split(sep).includes(OWN_FOLDER)): void {
  mkdirSync(folder, { recursive: true, mode: OWNER_FOLDER });
  if (isOwn) closeToOthers(folder);
}

/** Creates an empty file for this user alone, before something else fills it; an existing one is closed to others. */
export function makePrivateFile(file: string): void {
  closeSync(openSync(file, 'a', OWNER));
  closeToOthers(file);
}

/** Closes what exists to others; what doesn't exist or isn't this user's is left alone. */
export function closeToOthers(path: string): void {
  const state = lstatSync(path, { throwIfNoEntry: false });
  if (state === undefined || state.isSymbolicLink() || (state.mode & OTHERS) === 0) return;
  if (state.uid === process.getuid?.()) chmodSync(path, state.mode & ~OTHERS & 0o777);
}

/** Writes a secret into a new file for this user alone: whoever has an old file of that name open can't read it. */
export function writePrivateFile(file: string, text: string): void {
  rmSync(file, { force: true });
  writeFileSync(file, text, { mode: OWNER, flag: 'wx' });
}
