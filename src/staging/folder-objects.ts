import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, open, readFile, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { codeOf, toFolderError, toLinkError } from './folder-errors.js';
import { makeFolder } from './make-folder.js';
import { notTheStore } from './not-the-store.js';
import { STORE_ID, type NewObject, type Objects } from './objects.js';

const DRAFT = '.draft';
/** A draft older than this was left by a worker that died. Milliseconds. */
const STALE_MS = 24 * 3_600_000;

/**
 * Objects as files below a folder, local or shared. Each is written as a draft and appears by rename(2), or by link(2),
 * which fails when the key is taken.
 */
export class FolderObjects implements Objects {
  readonly lookMs = 25;

  /** @param place absolute; created when something is written */
  constructor(readonly place: string) {}

  async get(key: string): Promise<Buffer | undefined> {
    return this.#asking(`read ${key}`, () => readFile(this.#file(key)).catch(absent));
  }

  async open(key: string): Promise<Readable | undefined> {
    const handle = await this.#asking(`read ${key}`, () => open(this.#file(key)).catch(absent));
    return handle?.createReadStream();
  }

  async put(key: string, bytes: Buffer): Promise<void> {
    const file = this.#file(key);
    const draft = draftOf(file);
    await this.#asking(`write ${key}`, async () => {
      await this.#write(draft, bytes);
      await rename(draft, file).catch(removing(draft));
    });
  }

  async putStream(key: string, bytes: AsyncIterable<Buffer>): Promise<void> {
    const file = this.#file(key);
    const folder = path.dirname(file);
    const draft = draftOf(file);
    await this.#asking(`write ${key}`, async () => {
      await this.#makeFolder(folder);
      try {
        await pipeline(Readable.from(bytes), createWriteStream(draft, { mode: 0o600, flags: 'wx' }));
        await sync(draft);
        await rename(draft, file);
      } catch (error) {
        return removing(draft)(error);
      }
      await removeStaleDrafts(folder);
    });
  }

  async create(key: string, bytes: Buffer, before?: NewObject): Promise<boolean> {
    const file = this.#file(key);
    const draft = draftOf(file);
    const first = before === undefined ? [] : [{ file: this.#file(before.key), bytes: before.bytes }];
    return this.#asking(`write ${key}`, async () => {
      let made = false;
      try {
        // Nothing refers to either until the link exists.
        await allWritten([{ file: draft, bytes }, ...first].map((each) => this.#write(each.file, each.bytes)));
        made = await linkNew(draft, file, this.place);
        return made;
      } finally {
        await removeDraft(draft);
        if (!made) for (const each of first) await removeDraft(each.file);
      }
    });
  }

  async names(folder: string): Promise<string[]> {
    return this.#asking(`list ${folder}`, async () => {
      const names = await readdir(this.#file(folder)).catch(absent);
      if (names === undefined) await this.#assertThere();
      return (names ?? []).sort();
    });
  }

  async remove(key: string): Promise<void> {
    await this.#asking(`remove ${key}`, () => rm(this.#file(key), { force: true }));
  }

  async removeAll(folder: string): Promise<void> {
    await this.#asking(`remove ${folder}`, () => rm(this.#file(folder), { recursive: true, force: true }));
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

  /** Creates the folder if it doesn't exist, and leaves no part of a file that can't be written whole. */
  async #write(file: string, bytes: Buffer): Promise<void> {
    const handle = await openNew(file).catch(async (error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
      await this.#makeFolder(path.dirname(file));
      return openNew(file);
    });
    try {
      await handle.writeFile(bytes);
      await handle.datasync();
    } catch (error) {
      await removing(file)(error);
    } finally {
      await handle.close();
    }
  }

  async #makeFolder(folder: string): Promise<void> {
    if (folder !== this.place && (await stat(folder).catch(absent)) === undefined) await this.#assertThere();
    await makeFolder(folder);
  }

  /** What is below a file system that isn't mounted any more would be taken for an empty store. */
  async #assertThere(): Promise<void> {
    if ((await stat(this.#file(STORE_ID)).catch(absent)) === undefined) throw notTheStore(this.place, undefined);
  }

  async #asking<T>(what: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw toFolderError(error, what, this.place);
    }
  }
}

function draftOf(file: string): string {
  return `${file}.${randomBytes(6).toString('hex')}${DRAFT}`;
}

/** Waits for each of them, also when one fails: what is still being written could not be removed. */
async function allWritten(writes: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(writes)).find((each) => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** False when the name is taken. */
async function linkNew(draft: string, file: string, place: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw toLinkError(error, place);
    // A network file system may repeat a request that it has already carried out.
    return (await stat(draft)).nlink > 1;
  }
}

/** For a file that nothing refers to: a full or read-only disk already has its error. */
async function removeDraft(file: string): Promise<void> {
  await rm(file, { force: true }).catch(() => undefined);
}

function removing(file: string): (error: unknown) => Promise<never> {
  return async (error) => {
    await removeDraft(file);
    throw error;
  };
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

function absent(error: unknown): undefined {
  const code = codeOf(error);
  if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
}
