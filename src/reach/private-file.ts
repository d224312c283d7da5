import { chmodSync, closeSync, lstatSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { resolve, sep } from 'node:path';

const OWNER = 0o600;
const OWNER_FOLDER = 0o700;
const OTHERS = 0o077;
/**
 * Folders of this name are this project's alone: an old one is closed to others. Any other folder may be somebody's for
 * other things.
 */
const OWN_FOLDER = '.om-ingest';

/**
 * Makes a folder, and those above it that are not there, for this user alone. @param isOwn nothing else is kept in it:
 * an old one is closed as well
 */
export function makePrivateFolder(folder: string, isOwn = resolve(folder).split(sep).includes(OWN_FOLDER)): void {
  mkdirSync(folder, { recursive: true, mode: OWNER_FOLDER });
  if (isOwn) closeToOthers(folder);
}

/** Makes an empty file for this user alone, before something else fills it; an old one is closed to others. */
export function makePrivateFile(file: string): void {
  closeSync(openSync(file, 'a', OWNER));
  closeToOthers(file);
}

/** Closes what is there to others; what is not there, or not this user's, stays as it is. */
export function closeToOthers(path: string): void {
  const state = lstatSync(path, { throwIfNoEntry: false });
  if (state === undefined || state.isSymbolicLink() || (state.mode & OTHERS) === 0) return;
  if (state.uid === process.getuid?.()) chmodSync(path, state.mode & ~OTHERS & 0o777);
}

/**
 * Writes a secret into a new file for this user alone: who has opened an old one under that name reads nothing of it.
 */
export function writePrivateFile(file: string, text: string): void {
  rmSync(file, { force: true });
  writeFileSync(file, text, { mode: OWNER, flag: 'wx' });
}
