import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, mkdir, open, readFile, readdir, rename, rm, stat, unlink, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PermanentError, TransientError } from '../errors/index.js';
import type { NewObject, Objects } from './objects.js';

const DRAFT = '.draft';
/** A draft older than this was left by a worker that died. Milliseconds. */
const STALE_MS = 24 * 3_600_000;
/** What a file system without hard links returns. */
const NO_LINKS: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/**
 * Objects as files below a folder, local or shared. Each is written as a draft and appears by rename(2), or by link(2),
 * which fails when the key is taken.
 */
export class FolderObjects implements Objects {
  readonly lookMs = 25;

  /** @param place absolute; created when something is written */
  constructor(readonly place: string) {}

  async get(key: string): Promise<Buffer | undefined> {
    return readFile(this.#file(key)).catch(absent);
  }

  async open(key: string): Promise<Readable | undefined> {
    const handle = await open(this.#file(key)).catch(absent);
    return handle === undefined ? undefined : handle.createReadStream();
  }

  async put(key: string, bytes: Buffer): Promise<void> {
    const file = this.#file(key);
    const draft = draftOf(file);
    await writeDurably(draft, bytes);
    await rename(draft, file);
  }

  async putStream(key: string, bytes: AsyncIterable<Buffer>): Promise<void> {
    const file = this.#file(key);
    const folder = path.dirname(file);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = draftOf(file);
    try {
      await pipeline(Readable.from(bytes), createWriteStream(draft, { mode: 0o600, flags: 'wx' }));
      await sync(draft);
      await rename(draft, file);
    } catch (error) {
      throw isFull(error) ? fullDisk(draft, error) : error;
    } finally {
      await rm(draft, { force: true });
    }
    await removeStaleDrafts(folder);
  }

  async create(key: string, bytes: Buffer, before?: NewObject): Promise<boolean> {
    const file = this.#file(key);
    const draft = draftOf(file);
    // Nothing refers to either until the link exists.
    await Promise.all([
      writeDurably(draft, bytes),
      before === undefined ? undefined : writeDurably(this.#file(before.key), before.bytes),
    ]);
    try {
      await link(draft, file);
      return true;
    } catch (error) {
      // A network file system may repeat a request that it has already carried out.
      if (isCode(error, 'EEXIST') && (await stat(draft)).nlink > 1) return true;
      if (before !== undefined) await rm(this.#file(before.key), { force: true });
      if (isCode(error, 'EEXIST')) return false;
      throw NO_LINKS.some((code) => isCode(error, code)) ? noLinks(this.place, error) : error;
    } finally {
      await unlink(draft);
    }
  }

  async names(folder: string): Promise<string[]> {
    return ((await readdir(this.#file(folder)).catch(absent)) ?? []).sort();
  }

  async remove(key: string): Promise<void> {
    await rm(this.#file(key), { force: true });
  }

  async removeAll(folder: string): Promise<void> {
    await rm(this.#file(folder), { recursive: true, force: true });
  }

  async changes(folder: string): Promise<ReadonlyMap<string, number>> {
    const changes = new Map<string, number>();
    for (const name of await this.names(folder))
      changes.set(name, await newestChange(path.join(this.#file(folder), name)));
    return changes;
  }

  #file(key: string): string {
    return path.join(this.place, key);
  }
}

function draftOf(file: string): string {
  return `${file}.${randomBytes(6).toString('hex')}${DRAFT}`;
}

/** Creates the folder if it doesn't exist. */
async function writeDurably(file: string, bytes: Buffer): Promise<void> {
  const handle = await openNew(file).catch(async (error: unknown) => {
    if (!isCode(error, 'ENOENT')) throw error;
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    return openNew(file);
  });
  try {
    await handle.writeFile(bytes);
    await handle.datasync();
  } catch (error) {
    throw isFull(error) ? fullDisk(file, error) : error;
  } finally {
    await handle.close();
  }
}

function openNew(file: string): Promise<FileHandle> {
  return open(file, 'wx', 0o600);
}

async function sync(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** Drafts in a folder that is never removed as a whole. */
async function removeStaleDrafts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith(DRAFT)) continue;
    const file = path.join(folder, name);
    const changedAt = await stat(file).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now()
    );
    if (Date.now() - changedAt > STALE_MS) await rm(file, { force: true });
  }
}

/** The newest modification below a folder; folders change when files appear in them. */
async function newestChange(folder: string): Promise<number> {
  let newest = (await stat(folder).catch(absent))?.mtimeMs ?? 0;
  for (const child of (await readdir(folder, { withFileTypes: true }).catch(absent)) ?? []) {
    if (child.isDirectory()) newest = Math.max(newest, await newestChange(path.join(folder, child.name)));
  }
  return newest;
}

function isFull(error: unknown): boolean {
  return isCode(error, 'ENOSPC') || isCode(error, 'EDQUOT');
}

/** The system's own error doesn't name the file. Tried again: people make room. */
function fullDisk(file: string, cause: unknown): TransientError {
  return new TransientError(`No space is left to write ${file}.`, {
    where: path.dirname(file),
    remedy: 'Make room there, or give the worker another staging folder. The run then continues by itself.',
    cause,
  });
}

function noLinks(place: string, cause: unknown): PermanentError {
  return new PermanentError(`The staging folder ${place} is on a file system without hard links.`, {
    remedy: 'Use a local disk or NFS, or stage on S3: OM_INGEST_STAGING=s3://bucket/prefix.',
    cause,
  });
}

function absent(error: unknown): undefined {
  if (!isCode(error, 'ENOENT') && !isCode(error, 'ENOTDIR')) throw error;
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
