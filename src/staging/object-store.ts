import { createHash, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import pLimit from 'p-limit';
import { z } from 'zod';
import { PermanentError } from '../errors/index.js';
import { CHUNK_BYTES, type ManifestEntry, type SliceAddress, type StagedLines } from './chunk.js';
import { eachLine } from './line-buffer.js';
import { notTheStore } from './not-the-store.js';
import { ObjectState } from './object-state.js';
import { STORE_ID, type NewObject, type Objects } from './objects.js';
import { RecentCommits } from './recent-commits.js';
import { EntryTaken, type Patience, type StagingStore } from './staging-store.js';
import type { StateStore } from './state-store.js';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

const RUNS = 'runs';
/** Bytes that zlib hands out per turn of the event loop; with the default of 16 KiB a chunk takes 32 turns. */
const AT_ONCE = CHUNK_BYTES;
/** Entries of a manifest that are read at once. */
const READS = 16;
/** Names that come from outside (run ids, stages) must not leave the store. */
const SAFE_NAME = /^[A-Za-z0-9_-]{1,120}$/;
const SAFE_URI = /^([A-Za-z0-9_-]+\/){3}[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;

const manifestEntry = z.object({
  n: z.number().int().nonnegative(),
  chunk: z.object({ uri: z.string(), count: z.number(), bytes: z.number(), sha256: z.string() }).optional(),
  position: z.unknown().optional(),
  facts: z.unknown().optional(),
  last: z.boolean(),
});

/**
 * A staging store built on objects, wherever they are kept. `store-id` names it; `runs/<run>/<stage>/<slice>/` holds
 * chunks and an `<n>.entry` for each manifest entry, `state/` what outlives runs. An entry is created only where there
 * is none, so two attempts never both commit it.
 */
export class ObjectStore implements StagingStore {
  readonly #recent = new RecentCommits();
  readonly state: StateStore;

  protected constructor(
    private readonly objects: Objects,
    readonly id: string
  ) {
    this.state = new ObjectState(objects);
  }

  async manifest(address: SliceAddress, first = 0): Promise<readonly ManifestEntry[]> {
    const folder = sliceKey(address);
    const names = new Set(await this.objects.names(folder));
    const reading = pLimit(READS);
    const entries: Promise<ManifestEntry | undefined>[] = [];
    for (let n = first; names.has(entryName(n)); n += 1)
      entries.push(reading(() => this.#entryAt(`${folder}/${entryName(n)}`)));
    const read = await Promise.all(entries);
    // If it has gone since it was listed, so has the run.
    const end = read.indexOf(undefined);
    return read.slice(0, end === -1 ? read.length : end).filter((entry) => entry !== undefined);
  }

  async entry(address: SliceAddress, n: number, patience?: Patience): Promise<ManifestEntry | undefined> {
    const key = `${sliceKey(address)}/${entryName(n)}`;
    const deadline = performance.now() + (patience?.ms ?? 0);
    for (;;) {
      const entry = await this.#entryAt(key);
      if (entry !== undefined || performance.now() >= deadline) return entry;
      await this.#recent.wait(key, this.objects.lookMs, patience?.signal);
    }
  }

  async commit(
    address: SliceAddress,
    entry: { n: number; lines?: StagedLines; position?: unknown; facts?: unknown; last: boolean }
  ): Promise<ManifestEntry> {
    const { lines, ...rest } = entry;
    const key = `${sliceKey(address)}/${entryName(entry.n)}`;
    const packed = lines === undefined || lines.count === 0 ? undefined : await packChunk(address, entry.n, lines);
    const whole: ManifestEntry = packed === undefined ? rest : { ...rest, chunk: packed.chunk };
    const made = await this.objects.create(key, Buffer.from(JSON.stringify(whole)), packed?.object);
    if (!made) throw new EntryTaken(address, entry.n);
    this.#recent.add(key, whole, lines);
    return whole;
  }

  async lines(entry: ManifestEntry): Promise<Iterable<Buffer>> {
    const recent = this.#recent.takeLines(entry);
    if (recent !== undefined) return eachLine(recent.bytes);
    const { chunk } = entry;
    if (chunk === undefined) return [];
    const bytes = await this.objects.get(this.#chunkKey(chunk.uri));
    if (bytes === undefined) {
      await this.#assertSame();
      throw new PermanentError(`The staged chunk ${chunk.uri} is not in store ${this.id} any more.`, {
        remedy: 'The run was swept or finished; start it again.',
      });
    }
    if (sha256(bytes) !== chunk.sha256) {
      throw new PermanentError(`The staged chunk ${chunk.uri} in store ${this.id} is damaged: its sha256 differs.`, {
        where: this.objects.place,
        remedy: 'Check what keeps the staged data, then start the run again.',
      });
    }
    return eachLine(await decompress(bytes, { chunkSize: AT_ONCE }));
  }

  async read(entry: ManifestEntry): Promise<Iterable<unknown>> {
    return parsed(await this.lines(entry));
  }

  async slices(run: string, stage: string): Promise<readonly string[]> {
    return this.objects.names(`${runKey(run)}/${safe(stage)}`);
  }

  async putDocument(run: string, name: string, text: string): Promise<void> {
    await this.objects.put(`${runKey(run)}/${safe(name)}.document`, Buffer.from(text));
  }

  async getDocument(run: string, name: string): Promise<string> {
    const bytes = await this.objects.get(`${runKey(run)}/${safe(name)}.document`);
    if (bytes !== undefined) return bytes.toString();
    await this.#assertSame();
    throw new PermanentError(`Staging store ${this.id} has no document ${name} of run ${run}.`, {
      remedy: 'The run was swept or finished; start it again.',
    });
  }

  async removeRun(run: string): Promise<void> {
    this.#recent.forget(`${runKey(run)}/`);
    await this.objects.removeAll(runKey(run));
  }

  async sweep(olderThanMs: number): Promise<number> {
    const limit = Date.now() - olderThanMs;
    let removed = 0;
    for (const [run, changedAt] of await this.objects.changes(RUNS)) {
      if (changedAt > limit) continue;
      await this.objects.removeAll(`${RUNS}/${run}`);
      removed += 1;
    }
    return removed;
  }

  async #entryAt(key: string): Promise<ManifestEntry | undefined> {
    const recent = this.#recent.entry(key);
    if (recent !== undefined) return recent;
    const bytes = await this.objects.get(key);
    return bytes === undefined ? undefined : toEntry(bytes.toString());
  }

  /** Something is missing: is it the store? */
  async #assertSame(): Promise<void> {
    const id = (await this.objects.get(STORE_ID))?.toString().trim();
    if (id !== this.id) throw notTheStore(this.objects.place, id);
  }

  #chunkKey(uri: string): string {
    if (SAFE_URI.test(uri)) return `${RUNS}/${uri}`;
    throw new PermanentError(`The staged reference ${uri} points outside of store ${this.id}.`);
  }
}

/**
 * The store's id, created if there is none; safe for two processes at once.
 * @throws PermanentError when the object storage creates one twice: then two attempts could both commit an entry
 */
export async function readOrMakeId(objects: Objects): Promise<string> {
  const made = Buffer.from(`${attemptName()}\n`);
  const there =
    (await objects.get(STORE_ID)) ?? ((await objects.create(STORE_ID, made)) ? made : await objects.get(STORE_ID));
  const id = there?.toString().trim() ?? '';
  if (!SAFE_NAME.test(id)) {
    throw new PermanentError(`The staging store's ${objects.place}/${STORE_ID} holds no id.`, {
      remedy: 'Remove it when no run uses the store; a new id is made.',
    });
  }
  // The same bytes, so that nothing is lost if this does succeed.
  if (await objects.create(STORE_ID, Buffer.from(`${id}\n`))) {
    throw new PermanentError(`${objects.place} can't be a staging store: it makes an object that is there already.`, {
      remedy: 'Use a store that keeps conditional writes (If-None-Match: *).',
    });
  }
  return id;
}

async function packChunk(
  address: SliceAddress,
  n: number,
  lines: StagedLines
): Promise<{ chunk: NonNullable<ManifestEntry['chunk']>; object: NewObject }> {
  // Level 1: staged bytes live for minutes, so processor time is what a run pays for.
  const bytes = await compress(lines.bytes, { level: 1, chunkSize: AT_ONCE });
  const uri = [address.run, address.stage, address.slice, `${pad(n)}.${attemptName()}.ndjson.gz`].join('/');
  const chunk = { uri, count: lines.count, bytes: bytes.length, sha256: sha256(bytes) };
  return { chunk, object: { key: `${RUNS}/${uri}`, bytes } };
}

function* parsed(lines: Iterable<Buffer>): Generator<unknown> {
  for (const line of lines) yield JSON.parse(line.toString());
}

function toEntry(text: string): ManifestEntry {
  const { chunk, ...entry } = manifestEntry.parse(JSON.parse(text));
  return chunk === undefined ? entry : { ...entry, chunk };
}

function runKey(run: string): string {
  return `${RUNS}/${safe(run)}`;
}

function sliceKey({ run, stage, slice }: SliceAddress): string {
  return `${runKey(run)}/${safe(stage)}/${safe(slice)}`;
}

function safe(name: string): string {
  if (!SAFE_NAME.test(name)) throw new PermanentError(`${JSON.stringify(name)} isn't a name for a staging path.`);
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
