import type { ManifestEntry, StagedLines } from './chunk.js';

/** The most bytes of lines kept until they are taken: eight full chunks. */
const MOST_BYTES = 4 * 1024 * 1024;
/** The most entries kept, with or without lines. */
const MOST_ENTRIES = 256;

interface Commit {
  readonly entry: ManifestEntry;
  /** Undefined once they have been taken. */
  lines: StagedLines | undefined;
}

/**
 * What this process committed last, so that a stage running alongside the one that commits needs no file for it: each
 * file read takes half a dozen turns of a busy event loop. Committed entries never change; what is let go is read from
 * the store again.
 */
export class RecentCommits {
  /** By the entry's key, oldest first. */
  readonly #commits = new Map<string, Commit>();
  /** By the very entries that are handed out. */
  readonly #byEntry = new WeakMap<ManifestEntry, Commit>();
  readonly #waiting = new Map<string, Set<() => void>>();
  #bytes = 0;

  add(key: string, entry: ManifestEntry, lines?: StagedLines): void {
    const commit: Commit = { entry, lines };
    this.#commits.set(key, commit);
    this.#byEntry.set(entry, commit);
    this.#bytes += lines?.bytes.length ?? 0;
    this.#forgetOldest();
    for (const wake of this.#waiting.get(key) ?? []) wake();
  }

  entry(key: string): ManifestEntry | undefined {
    return this.#commits.get(key)?.entry;
  }

  /** The lines of an entry obtained from here, only once: they are most of what is kept, and seldom asked for again. */
  takeLines(entry: ManifestEntry): StagedLines | undefined {
    const commit = this.#byEntry.get(entry);
    const lines = commit?.lines;
    if (commit !== undefined) this.#release(commit);
    return lines;
  }

  /** Waits until the entry is added, at most `ms`. @throws the signal's reason when it is aborted */
  async wait(key: string, ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const waiting = this.#waiting.get(key) ?? new Set();
    this.#waiting.set(key, waiting);
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        waiting.delete(wake);
        if (waiting.size === 0) this.#waiting.delete(key);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      signal?.addEventListener('abort', wake, { once: true });
      waiting.add(wake);
      if (this.#commits.has(key)) wake();
    });
    signal?.throwIfAborted();
  }

  /** Drops the entries whose key starts with `prefix`. */
  forget(prefix: string): void {
    for (const [key, commit] of this.#commits) if (key.startsWith(prefix)) this.#drop(key, commit);
  }

  #forgetOldest(): void {
    for (const [key, commit] of this.#commits) {
      if (this.#commits.size <= MOST_ENTRIES && this.#bytes <= MOST_BYTES) return;
      this.#drop(key, commit);
    }
  }

  #drop(key: string, commit: Commit): void {
    this.#commits.delete(key);
    this.#release(commit);
  }

  #release(commit: Commit): void {
    if (commit.lines === undefined) return;
    this.#bytes -= commit.lines.bytes.length;
    commit.lines = undefined;
  }
}
