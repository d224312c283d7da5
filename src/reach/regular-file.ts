import { closeSync, constants, fstatSync, openSync, readSync, realpathSync, statSync, type Stats } from 'node:fs';
import { open, realpath, stat, type FileHandle } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { currentReach } from './reach.js';

/**
 * Why a file that a recipe names is not read. The message continues after the file's name: `is a folder`, `doesn't
 * exist on this worker`.
 */
export class FileRefused extends Error {
  /** From the system, when it was the system that refused. */
  readonly code?: string;

  constructor(message: string, code?: string) {
    super(message);
    if (code !== undefined) this.code = code;
  }
}

/** What the system's codes mean for a file. */
const WORDS: Readonly<Record<string, string>> = {
  ENOENT: "doesn't exist on this worker",
  ENOTDIR: "doesn't exist on this worker: a part of its path is a file, no folder",
  EACCES: "may not be read by this worker's user",
  EPERM: "may not be read by this worker's user",
  ELOOP: 'is a link that leads back to itself',
  ENAMETOOLONG: 'has a longer name than a file can have',
  EMFILE: "can't be opened: this worker has too many files open",
  ENFILE: "can't be opened: the worker's host has too many files open",
  EIO: "can't be read: its disk reports a fault",
};

/** Without waiting: a pipe that nobody writes to would never open. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
/** Files only by name: their content is the kernel's, for example this process's environment. */
const PSEUDO = ['/proc', '/sys'];
const SIXTY_FOUR_KIB = 64 * 1024;

/**
 * Opens a file that a recipe names for reading. It must be a regular file, whose real path (with all links resolved)
 * this recipe may reach; what was checked is what is open, even if the path changes meanwhile.
 * @throws FileRefused
 */
export async function openRegularFile(path: string): Promise<FileHandle> {
  checkPlace(path);
  return told(async () => {
    checkTruePlace(await realpath(path));
    checkKind(await stat(path));
    const handle = await open(path, FLAGS);
    try {
      const state = await handle.stat();
      checkKind(state);
      const place = await truePlace(path, handle.fd);
      checkSame(state, place.state);
      checkTruePlace(place.path);
      return handle;
    } catch (error) {
      await handle.close();
      throw error;
    }
  });
}

/**
 * The bytes of a small file that a recipe names.
 * @param limit bytes; a larger file is refused. Default 64 KiB
 * @throws FileRefused
 */
export async function readRegularFile(path: string, limit = SIXTY_FOUR_KIB): Promise<Buffer> {
  const handle = await openRegularFile(path);
  try {
    const bytes = Buffer.alloc(limit + 1);
    let length = 0;
    while (length <= limit) {
      const { bytesRead } = await told(() => handle.read(bytes, length, limit + 1 - length, length));
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return bounded(bytes, length, limit);
  } finally {
    await handle.close();
  }
}

/**
 * The same for callers that can't wait: the file is small and regular, so reading takes next to no time.
 * @throws FileRefused
 */
export function readRegularFileSync(path: string, limit = SIXTY_FOUR_KIB): Buffer {
  checkPlace(path);
  let descriptor: number | undefined;
  try {
    checkTruePlace(realpathSync(path));
    checkKind(statSync(path));
    descriptor = openSync(path, FLAGS);
    const state = fstatSync(descriptor);
    checkKind(state);
    const place = procLink(descriptor);
    const real = realpathSync(place ?? path);
    checkSame(state, statSync(real));
    checkTruePlace(real);
    const bytes = Buffer.alloc(limit + 1);
    let length = 0;
    while (length <= limit) {
      const read = readSync(descriptor, bytes, length, limit + 1 - length, length);
      if (read === 0) break;
      length += read;
    }
    return bounded(bytes, length, limit);
  } catch (error) {
    throw asRefusal(error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/**
 * The real path of a file that a library opens itself, after the checks of opening it here.
 * @param limit bytes; a larger file is refused. None by default
 * @throws FileRefused
 */
export async function regularFilePath(path: string, limit = Infinity): Promise<string> {
  const handle = await openRegularFile(path);
  try {
    if ((await handle.stat()).size > limit) throw tooLarge(limit);
    return await told(() => realpath(path));
  } finally {
    await handle.close();
  }
}

/**
 * The real path of a folder that a recipe names; undefined when it isn't one. @throws FileRefused when it doesn't exist
 * or can't be read
 */
export async function folderPath(path: string): Promise<string | undefined> {
  checkPlace(path);
  return told(async () => {
    const real = await realpath(path);
    checkTruePlace(real);
    return (await stat(real)).isDirectory() ? real : undefined;
  });
}

function checkKind(state: Stats): void {
  if (state.isDirectory()) throw new FileRefused('is a folder');
  if (!state.isFile()) throw new FileRefused('is not a regular file, but a pipe, a device or a socket');
}

function checkSame(opened: Stats, named: Stats): void {
  if (opened.ino !== named.ino || opened.dev !== named.dev) throw new FileRefused('was replaced while it was opened');
}

/** Decided by name alone, before anything is looked at: whether a file outside exists is nobody's business. */
function checkPlace(path: string): void {
  if (path.includes('\0')) throw new FileRefused('has a character in its name that no file name has');
  const { folders } = currentReach();
  if (folders === undefined || folders.some((folder) => isBelow(folder, resolve(path)))) return;
  throw outside(folders);
}

function checkTruePlace(real: string): void {
  if (PSEUDO.some((folder) => isBelow(folder, real)))
    throw new FileRefused("isn't a file on a disk, but a view of the system");
  const { folders } = currentReach();
  if (folders === undefined || folders.some((folder) => isBelow(realFolder(folder), real))) return;
  throw outside(folders);
}

/** A folder that doesn't exist has nothing in it. */
function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return !isAbsolute(way) && way !== '..' && !way.startsWith('../');
}

function outside(folders: readonly string[]): FileRefused {
  return new FileRefused(
    `is outside the folders that recipes sent to this worker may name files in (${folders.join(', ') || 'none'}; OM_INGEST_FILES). ` +
      "Put the recipe into the worker's recipes folder and start it by its path, or have the folder allowed"
  );
}

/** Of what is open, and not of what the path means by now; only Linux can tell. */
function procLink(descriptor: number): string | undefined {
  return process.platform === 'linux' ? `/proc/self/fd/${descriptor}` : undefined;
}

async function truePlace(path: string, descriptor: number): Promise<{ path: string; state: Stats }> {
  const real = await realpath(procLink(descriptor) ?? path);
  return { path: real, state: await stat(real) };
}

function bounded(bytes: Buffer, length: number, limit: number): Buffer {
  if (length > limit) throw tooLarge(limit);
  return bytes.subarray(0, length);
}

function tooLarge(limit: number): FileRefused {
  return new FileRefused(`is larger than ${Math.round(limit / 1024)} KiB`);
}

async function told<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw asRefusal(error);
  }
}

function asRefusal(error: unknown): FileRefused {
  if (error instanceof FileRefused) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return new FileRefused(WORDS[code] ?? `can't be read on this worker (${code})`, code);
}
