import type { SliceAddress, StagingStore } from '../staging/index.js';
import { keyedPart, uniteParts, type KeyedPart } from './usage-part.js';

/**
 * Merges sorted runs into one sorted sequence in which each key comes once. Holds one chunk of each run.
 * @param behind only keys that come after this one
 */
export async function* mergeRuns(
  store: StagingStore,
  runs: readonly SliceAddress[],
  behind: string | undefined
): AsyncGenerator<KeyedPart> {
  const heads: Head[] = [];
  for (const run of runs) {
    const head = new Head(readRun(store, run, behind));
    if (await head.advance()) heads.push(head);
  }
  while (heads.length > 0) {
    const key = heads.reduce((least, head) => (head.key < least ? head.key : least), heads[0]?.key ?? '');
    let merged: KeyedPart | undefined;
    for (const head of heads.filter((each) => each.key === key)) {
      merged = merged === undefined ? head.current : [key, uniteParts(merged[1], head.current[1])];
      if (!(await head.advance())) heads.splice(heads.indexOf(head), 1);
    }
    if (merged !== undefined) yield merged;
  }
}

/** The next line of one run. */
class Head {
  #current: KeyedPart | undefined;

  constructor(private readonly lines: AsyncGenerator<KeyedPart>) {}

  get current(): KeyedPart {
    if (this.#current === undefined) throw new Error('A run was read behind its end.');
    return this.#current;
  }

  get key(): string {
    return this.current[0];
  }

  /** False at the end. */
  async advance(): Promise<boolean> {
    const next = await this.lines.next();
    this.#current = next.done === true ? undefined : next.value;
    return next.done !== true;
  }
}

async function* readRun(store: StagingStore, run: SliceAddress, behind: string | undefined): AsyncGenerator<KeyedPart> {
  for (const entry of await store.manifest(run)) {
    for (const line of await store.read(entry)) {
      const part = keyedPart.parse(line);
      if (behind === undefined || part[0] > behind) yield part;
    }
  }
}
