import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** Runs remembered; the one that read longest ago is forgotten. */
const MOST_RUNS = 100;

interface Read {
  readonly sha256: string;
  /** Reads it again. */
  readonly again: () => Promise<string>;
}

/**
 * What runs have read of secrets that may change during the run (in a manager, in a file). This shows whether a login
 * was refused because its password was rotated meanwhile. Only hashes of values are kept.
 */
export class SecretReads {
  readonly #byRun = new LRUCache<string, Map<string, Read>>({ max: MOST_RUNS });

  /** @param again reads the same secret again */
  note(run: string, reference: string, value: string, again: () => Promise<string>): void {
    const reads = this.#byRun.get(run) ?? new Map<string, Read>();
    this.#byRun.set(run, reads);
    reads.set(reference, { sha256: sha256(value), again });
  }

  /**
   * Reads again what the run has read. @returns the references that have another value now; not those that can't be
   * read
   */
  async changed(run: string): Promise<readonly string[]> {
    const reads = [...(this.#byRun.get(run) ?? [])];
    const changes = await Promise.all(
      reads.map(async ([reference, read]) => {
        const value = await read.again().catch(() => undefined);
        if (value === undefined || sha256(value) === read.sha256) return [];
        // a second refusal with the new value is final
        this.#byRun.get(run)?.set(reference, { ...read, sha256: sha256(value) });
        return [reference];
      })
    );
    return changes.flat();
  }
}

function sha256(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}
