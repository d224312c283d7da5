import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { StateAddress, StateStore, StateVersion } from './state-store.js';

/** Versions kept of each fact. */
const KEPT = 3;
/** A draft that old was left behind by a worker that died. Milliseconds. */
const STALE_MS = 24 * 3_600_000;
const SUFFIX = '.ndjson.gz';
const DRAFT = '.draft';

/** State in a folder: `<root>/<service>/<kind>/<name>/<start>-<run>.ndjson.gz`. */
export class FolderState implements StateStore {
  /** @param root made when something is written */
  constructor(private readonly root: string) {}

  async read(address: StateAddress, before?: StateVersion): Promise<AsyncIterable<string> | undefined> {
    const limit = before === undefined ? undefined : fileOf(before);
    const newest = (await this.#versions(address)).filter((file) => limit === undefined || file < limit).at(-1);
    return newest === undefined ? undefined : linesOf(path.join(this.#folder(address), newest));
  }

  async write(
    address: StateAddress,
    version: StateVersion,
    lines: AsyncIterable<string> | Iterable<string>
  ): Promise<void> {
    const folder = this.#folder(address);
    await mkdir(folder, { recursive: true });
    const draft = path.join(folder, `${randomBytes(6).toString('hex')}${DRAFT}`);
    try {
      await pipeline(Readable.from(withNewlines(lines)), createGzip({ level: 1 }), createWriteStream(draft));
      await sync(draft);
      await rename(draft, path.join(folder, fileOf(version)));
    } finally {
      await rm(draft, { force: true });
    }
    await this.#forget(folder, await this.#versions(address));
  }

  /** Names of the whole versions, the oldest first. */
  async #versions(address: StateAddress): Promise<string[]> {
    const names = await readdir(this.#folder(address)).catch(nothingThere);
    return names.filter((name) => name.endsWith(SUFFIX)).sort();
  }

  async #forget(folder: string, versions: readonly string[]): Promise<void> {
    for (const name of versions.slice(0, -KEPT)) await rm(path.join(folder, name), { force: true });
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

  #folder({ service, kind, name }: StateAddress): string {
    return path.join(this.root, safe(service), safe(kind), safe(name));
  }
}

/** Sorts by start. */
function fileOf({ run, startedAt }: StateVersion): string {
  return `${String(startedAt).padStart(15, '0')}-${safe(run)}${SUFFIX}`;
}

/** A name as part of a path; one with other characters than usual ones is told from its like by a hash. */
function safe(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 80);
  return plain === name ? name : `${plain}.${createHash('sha256').update(name).digest('hex').slice(0, 12)}`;
}

async function* withNewlines(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const bytes = createReadStream(file);
  const text = createGunzip();
  // An error of the file ends the reading of its text.
  const piped = pipeline(bytes, text);
  piped.catch(() => undefined);
  const lines = createInterface({ input: text, crlfDelay: Infinity });
  // A reader that stops early destroys the file's stream: the interface would tell of it when nobody listens any more.
  lines.on('error', () => undefined);
  try {
    yield* lines;
    await piped;
  } finally {
    lines.close();
    bytes.destroy();
  }
}

async function sync(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

function nothingThere(error: unknown): string[] {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
  throw error;
}
