import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, readdir, rename, rm, stat, unlink, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import { PermanentError, TransientError } from '../errors/index.js';
import { CHUNK_BYTES, type ChunkRef, type ManifestEntry, type SliceAddress, type StagedLines } from './chunk.js';
import { eachLine } from './line-buffer.js';
import { FolderState } from './folder-state.js';
import type { StateStore } from './state-store.js';
import { RecentCommits } from './recent-commits.js';
import { EntryTaken, type Patience, type StagingStore } from './staging-store.js';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

const ID_FILE = 'store-id';
const RUNS = 'runs';
/** Bytes that zlib hands out a turn of the event loop, where the default of 16 KiB makes 32 turns of a chunk. */
const AT_ONCE = CHUNK_BYTES;
/** How often an entry is looked for that another process may commit, milliseconds. */
const LOOK_MS = 25;
/** Names that come from outside (run ids, stages) must not leave the folder. */
const SAFE_NAME = /^[A-Za-z0-9_-]{1,120}$/;

const manifestEntry = z.object({
  n: z.number().int().nonnegative(),
  chunk: z.object({ uri: z.string(), count: z.number(), bytes: z.number(), sha256: z.string() }).optional(),
  position: z.unknown().optional(),
  facts: z.unknown().optional(),
  last: z.boolean(),
});

/**
 * A staging store in a folder, local or shared. `<root>/store-id` names it; `<root>/runs/<run>/<stage>/<slice>/` holds chunks and one
 * `<n>.entry` file a manifest entry, `<root>/state/` what outlives runs. An entry appears by link(2), which fails when it is there: two attempts never both commit it.
 */
export class FolderStore implements StagingStore {
  readonly #recent = new RecentCommits();
  readonly state: StateStore;

  private constructor(
    private readonly root: string,
    readonly id: string
  ) {
    this.state = new FolderState(path.join(root, 'state'));
  }

  /** Opens the folder, making it and its id when they are not there. Safe for two processes at once. */
  static async open(root: string): Promise<FolderStore> {
    const absolute = path.resolve(root);
    await mkdir(path.join(absolute, RUNS), { recursive: true });
    return new FolderStore(absolute, await readOrMakeId(path.join(absolute, ID_FILE)));
  }

  async manifest(address: SliceAddress, first = 0): Promise<readonly ManifestEntry[]> {
    const folder = this.sliceFolder(address);
    const names = new Set(await listOrNothing(folder));
    const entries: Promise<ManifestEntry>[] = [];
    for (let n = first; names.has(entryName(n)); n += 1) entries.push(this.#entryAt(path.join(folder, entryName(n))));
    return Promise.all(entries);
  }

  async entry(address: SliceAddress, n: number, patience?: Patience): Promise<ManifestEntry | undefined> {
    const file = path.join(this.sliceFolder(address), entryName(n));
    const deadline = performance.now() + (patience?.ms ?? 0);
    for (;;) {
      const entry = await this.#entryAt(file).catch(absent);
      if (entry !== undefined || performance.now() >= deadline) return entry;
      await this.#recent.wait(file, LOOK_MS, patience?.signal);
    }
  }

  async commit(
    address: SliceAddress,
    entry: { n: number; lines?: StagedLines; position?: unknown; facts?: unknown; last: boolean }
  ): Promise<ManifestEntry> {
    const folder = this.sliceFolder(address);
    const { lines, ...rest } = entry;
    const chunk = lines === undefined || lines.count === 0 ? undefined : await packChunk(address, entry.n, lines);
    const whole: ManifestEntry = chunk === undefined ? rest : { ...rest, chunk: chunk.ref };
    const file = path.join(folder, entryName(entry.n));
    const draft = `${file}.${attemptName()}`;
    // Nothing refers to either until the entry appears.
    await Promise.all([
      writeDurably(draft, Buffer.from(JSON.stringify(whole))),
      chunk === undefined ? undefined : writeDurably(this.absolute(chunk.ref.uri), chunk.bytes),
    ]);
    try {
      await link(draft, file);
    } catch (error) {
      if (chunk !== undefined) await rm(this.absolute(chunk.ref.uri), { force: true });
      if (isCode(error, 'EEXIST')) throw new EntryTaken(address, entry.n);
      throw error;
    } finally {
      await unlink(draft);
    }
    this.#recent.add(file, whole, lines);
    return whole;
  }

  async lines(entry: ManifestEntry): Promise<Iterable<Buffer>> {
    const recent = this.#recent.takeLines(entry);
    if (recent !== undefined) return eachLine(recent.bytes);
    if (entry.chunk === undefined) return [];
    const bytes = await readFile(this.absolute(entry.chunk.uri));
    if (sha256(bytes) !== entry.chunk.sha256) {
      throw new PermanentError(
        `The staged chunk ${entry.chunk.uri} in store ${this.id} is damaged: its sha256 differs.`,
        {
          remedy: 'Check the disk of the staging folder, then start the run again.',
        }
      );
    }
    return eachLine(await decompress(bytes, { chunkSize: AT_ONCE }));
  }

  async read(entry: ManifestEntry): Promise<Iterable<unknown>> {
    return parsed(await this.lines(entry));
  }

  async slices(run: string, stage: string): Promise<readonly string[]> {
    return listOrNothing(path.join(this.runFolder(run), safe(stage)));
  }

  async putDocument(run: string, name: string, text: string): Promise<void> {
    const folder = this.runFolder(run);
    const draft = path.join(folder, `${safe(name)}.${attemptName()}`);
    await writeDurably(draft, Buffer.from(text));
    await rename(draft, path.join(folder, `${safe(name)}.document`));
  }

  async getDocument(run: string, name: string): Promise<string> {
    try {
      return await readFile(path.join(this.runFolder(run), `${safe(name)}.document`), 'utf8');
    } catch (error) {
      if (!isCode(error, 'ENOENT')) throw error;
      throw new PermanentError(`Staging store ${this.id} has no document ${name} of run ${run}.`, {
        remedy: 'The run was swept or finished; start it again.',
        cause: error,
      });
    }
  }

  async removeRun(run: string): Promise<void> {
    const folder = this.runFolder(run);
    this.#recent.forget(folder + path.sep);
    await rm(folder, { recursive: true, force: true });
  }

  async sweep(olderThanMs: number): Promise<number> {
    const limit = Date.now() - olderThanMs;
    let removed = 0;
    for (const run of await listOrNothing(path.join(this.root, RUNS))) {
      if ((await newestChange(path.join(this.root, RUNS, run))) > limit) continue;
      await rm(path.join(this.root, RUNS, run), { recursive: true, force: true });
      removed += 1;
    }
    return removed;
  }

  async #entryAt(file: string): Promise<ManifestEntry> {
    return this.#recent.entry(file) ?? toEntry(await readFile(file, 'utf8'));
  }

  private runFolder(run: string): string {
    return path.join(this.root, RUNS, safe(run));
  }

  private sliceFolder(address: SliceAddress): string {
    return path.join(this.runFolder(address.run), safe(address.stage), safe(address.slice));
  }

  private absolute(uri: string): string {
    const resolved = path.resolve(this.root, RUNS, uri);
    if (!resolved.startsWith(path.join(this.root, RUNS) + path.sep)) {
      throw new PermanentError(`The staged reference ${uri} points outside of store ${this.id}.`);
    }
    return resolved;
  }
}

async function packChunk(
  address: SliceAddress,
  n: number,
  lines: StagedLines
): Promise<{ ref: ChunkRef; bytes: Buffer }> {
  // Level 1: staged bytes live for minutes, processor time is what a run pays for.
  const bytes = await compress(lines.bytes, { level: 1, chunkSize: AT_ONCE });
  const uri = path.posix.join(address.run, address.stage, address.slice, `${pad(n)}.${attemptName()}.ndjson.gz`);
  return { ref: { uri, count: lines.count, bytes: bytes.length, sha256: sha256(bytes) }, bytes };
}

async function readOrMakeId(file: string): Promise<string> {
  try {
    const handle = await open(file, 'wx');
    const id = randomBytes(6).toString('hex');
    await handle.writeFile(`${id}\n`);
    await handle.close();
    return id;
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  }
  // Another process may be between making the file and writing it.
  for (let tries = 0; tries < 50; tries += 1) {
    const id = (await readFile(file, 'utf8')).trim();
    if (SAFE_NAME.test(id)) return id;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new PermanentError(`The staging store's id file ${file} holds no id.`, {
    remedy: 'Remove the file when no run uses the folder; a new id is made.',
  });
}

/** Makes the folder when it is not there. */
async function writeDurably(file: string, bytes: Buffer): Promise<void> {
  const handle = await openNew(file).catch(async (error: unknown) => {
    if (!isCode(error, 'ENOENT')) throw error;
    await mkdir(path.dirname(file), { recursive: true });
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

function isFull(error: unknown): boolean {
  return isCode(error, 'ENOSPC') || isCode(error, 'EDQUOT');
}

/** The system's own error doesn't name the file. Tried again: people make room. */
function fullDisk(file: string, cause: unknown): TransientError {
  return new TransientError(`No space is left to write ${file}.`, {
    where: path.dirname(file),
    remedy: 'Make room there, or give the worker another staging folder. The run goes on by itself then.',
    cause,
  });
}

function openNew(file: string): Promise<FileHandle> {
  return open(file, 'wx');
}

function absent(error: unknown): undefined {
  if (!isCode(error, 'ENOENT')) throw error;
}

async function listOrNothing(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** The newest modification below a run's folder, milliseconds since the epoch; folders change when files appear in them. */
async function newestChange(folder: string): Promise<number> {
  let newest = (await stat(folder)).mtimeMs;
  for (const child of await readdir(folder, { withFileTypes: true })) {
    if (child.isDirectory()) newest = Math.max(newest, await newestChange(path.join(folder, child.name)));
  }
  return newest;
}

function* parsed(lines: Iterable<Buffer>): Generator<unknown> {
  for (const line of lines) yield JSON.parse(line.toString());
}

function toEntry(text: string): ManifestEntry {
  const { chunk, ...entry } = manifestEntry.parse(JSON.parse(text));
  return chunk === undefined ? entry : { ...entry, chunk };
}

function safe(name: string): string {
  if (!SAFE_NAME.test(name)) throw new PermanentError(`${JSON.stringify(name)} is no name for a staging path.`);
  return name;
}

function pad(n: number): string {
  return String(n).padStart(6, '0');
}

function entryName(n: number): string {
  return `${pad(n)}.entry`;
}

function attemptName(): string {
  return randomBytes(6).toString('hex');
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
