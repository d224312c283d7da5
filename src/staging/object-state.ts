import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { Objects } from './objects.js';
import type { StateAddress, StateEntry, StateStore, StateVersion } from './state-store.js';

/** Versions kept of each fact. */
const KEPT = 3;
const SUFFIX = '.ndjson.gz';
/** How much is compressed at once. */
const BLOCK_CHARS = 65_536;

/** State as objects: `state/<service>/<kind>/<name>/<start>-<run>.ndjson.gz`. */
export class ObjectState implements StateStore {
  constructor(private readonly objects: Objects) {}

  async read(address: StateAddress, before?: StateVersion): Promise<AsyncIterable<string> | undefined> {
    const folder = folderOf(address);
    const limit = before === undefined ? undefined : nameOf(before);
    const newest = (await this.#versions(folder)).filter((name) => limit === undefined || name < limit).at(-1);
    const bytes = newest === undefined ? undefined : await this.objects.open(`${folder}/${newest}`);
    return bytes === undefined ? undefined : linesOf(bytes);
  }

  async own(address: StateAddress, version: StateVersion): Promise<AsyncIterable<string> | undefined> {
    const bytes = await this.objects.open(`${folderOf(address)}/${nameOf(version)}`);
    return bytes === undefined ? undefined : linesOf(bytes);
  }

  async write(
    address: StateAddress,
    version: StateVersion,
    lines: AsyncIterable<string> | Iterable<string>
  ): Promise<void> {
    const folder = folderOf(address);
    const text = createGzip({ level: 1 });
    // An error from the lines ends the bytes too.
    const packing = pipeline(Readable.from(blocksOf(lines)), text);
    packing.catch(() => undefined);
    await this.objects.putStream(`${folder}/${nameOf(version)}`, text);
    await packing;
    for (const name of (await this.#versions(folder)).slice(0, -KEPT)) await this.objects.remove(`${folder}/${name}`);
  }

  async *history(address: StateAddress): AsyncGenerator<StateEntry> {
    const folder = folderOf(address);
    for (const name of (await this.#versions(folder)).reverse()) {
      const bytes = await this.objects.open(`${folder}/${name}`);
      const version = versionOf(name);
      if (bytes !== undefined && version !== undefined) yield { ...version, lines: linesOf(bytes) };
    }
  }

  /** Names of the versions, oldest first. */
  async #versions(folder: string): Promise<string[]> {
    return (await this.objects.names(folder)).filter((name) => name.endsWith(SUFFIX));
  }
}

function folderOf({ service, kind, name }: StateAddress): string {
  return ['state', safe(service), safe(kind), safe(name)].join('/');
}

/** Sorts by start. */
function nameOf({ run, startedAt }: StateVersion): string {
  return `${String(startedAt).padStart(15, '0')}-${safe(run)}${SUFFIX}`;
}

function versionOf(name: string): StateVersion | undefined {
  const [, startedAt, run] = /^(\d{15,})-(.+)\.ndjson\.gz$/.exec(name) ?? [];
  return startedAt === undefined || run === undefined ? undefined : { run, startedAt: Number(startedAt) };
}

/** A name as part of a path; one with unusual characters gets a hash to tell it from similar ones. */
function safe(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 80);
  return plain === name ? name : `${plain}.${createHash('sha256').update(name).digest('hex').slice(0, 12)}`;
}

/** Lines in blocks: each write to the compressor is a trip to another thread. */
async function* blocksOf(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  let block = '';
  for await (const line of lines) {
    block += `${line}\n`;
    if (block.length < BLOCK_CHARS) continue;
    yield block;
    block = '';
  }
  if (block !== '') yield block;
}

async function* linesOf(bytes: Readable): AsyncGenerator<string> {
  const text = createGunzip();
  // an error from the bytes ends the reading of their text
  const piped = pipeline(bytes, text);
  piped.catch(() => undefined);
  const lines = createInterface({ input: text, crlfDelay: Infinity });
  // a reader that stops early destroys the stream: the interface would report that when nobody is listening any more
  lines.on('error', () => undefined);
  try {
    yield* lines;
    await piped;
  } finally {
    lines.close();
    bytes.destroy();
  }
}
