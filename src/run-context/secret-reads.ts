import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** Runs kept in mind; the one that read longest ago is forgotten. */
const MOST_RUNS = 100;

interface Read {
  readonly sha256: string;
  /** Reads it again. */
  readonly again: () => Promise<string>;
}

/**
 * What runs have read of secrets that others may change under them (in a manager, in a file): by it a refused login is
 * told from one with a password that was rotated meanwhile. Values are kept as their hashes.
 */
export class SecretReads {
  readonly #byRun = new LRUCache<string, Map<string, Read>>({ max: MOST_RUNS });

  /** @param again reads the same secret anew */
  note(run: string, reference: string, value: string, again: () => Promise<string>): void {
    const reads = this.#byRun.get(run) ?? new Map<string, Read>();
    this.#byRun.set(run, reads);
    reads.set(reference, { sha256: sha256(value), again });
  }

  /**
   * Reads what the run has read once more. @returns the references that have another value now; those that can't be
   * read now have not
   */
  async changed(run: string): Promise<readonly string[]> {
    const reads = [...(this.#byRun.get(run) ?? [])];
    const changes = await Promise.all(
      reads.map(async ([reference, read]) => {
        const value = await read.again().catch(() => undefined);
        if (value === undefined || sha256(value) === read.sha256) return [];
        // A second refusal with the new value is one for good.
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
