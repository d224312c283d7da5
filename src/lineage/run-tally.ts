import type { PartRecorder } from '../report/index.js';
import type { ManifestEntry } from '../staging/index.js';
import { chunkTally } from './staged-line.js';
import { countWords } from '../contract/count-words.js';
import { mostFirst, UnknownTables } from './unknown-tables.js';

/** Loads without a container named in the report. */
const NAMED_LOADS = 5;

/** Statements that weren't understood, as shown in the report. */
const NAMED_DOUBTS = 5;

/**
 * What the chunks of a run say together: how many statements there were, what wasn't understood, which tables the
 * catalog doesn't know.
 */
export class RunTally {
  readonly #unknown = new UnknownTables();
  #read = 0;
  #plain = 0;
  readonly #loads: string[] = [];
  #loadCount = 0;
  readonly #doubted = new Map<string, number>();
  #doubtCount = 0;
  #fruitless = 0;

  constructor(chunks: readonly ManifestEntry[]) {
    for (const { position } of chunks) {
      const tally = chunkTally.safeParse(position);
      if (!tally.success) continue;
      this.#read += tally.data.read;
      this.#plain += tally.data.plain;
      this.#loadCount += tally.data.loads?.count ?? 0;
      this.#doubtCount += tally.data.doubted?.count ?? 0;
      this.#fruitless += tally.data.fruitless ?? 0;
      for (const [text, times] of Object.entries(tally.data.doubted?.texts ?? {}))
        this.#doubted.set(text, (this.#doubted.get(text) ?? 0) + times);
      this.#loads.push(...(tally.data.loads?.named ?? []).slice(0, NAMED_LOADS - this.#loads.length));
      this.#unknown.addTally(tally.data);
    }
  }

  /**
   * Counts and lists unknown tables and loads without a container; statements without any edge keep the run from being
   * a plain success.
   */
  report(recorder: PartRecorder, edges: number): void {
    const unknown = this.#unknown.listed('text', 'texts');
    if (unknown !== undefined)
      recorder.warning('source', `Tables that are not in the catalog, so that they have no edge${unknown}`);
    if (this.#loadCount > 0) {
      const what = countWords(
        this.#loadCount,
        'load of a table from an external location has',
        'loads of tables from external locations have'
      );
      const more = this.#loadCount > this.#loads.length ? ', …' : '';
      recorder.warning(
        'source',
        `${what} no container in the catalog, so no edge (containers come from an ingestion of the storage service): ${this.#loads.join(', ')}${more}`
      );
    }
    this.#reportDoubts(recorder);
    if (this.#read === 0 || edges > 0) return;
    const why =
      this.#plain < this.#read
        ? 'Are the tables named there in the catalog, under this service, and let through by the filter patterns?'
        : this.#read === 1
          ? 'It writes no table from others.'
          : 'None of them writes a table from others.';
    const read = countWords(
      this.#read,
      'text was read and no edge came out of it',
      'texts were read and no edge came out of them'
    );
    recorder.incomplete(`${read}. ${why}`);
  }

  /**
   * A reading may be wrong without a doubt being noticed: the second count is of statements that should have given an
   * edge.
   */
  #reportDoubts(recorder: PartRecorder): void {
    if (this.#doubtCount > 0) {
      const named = mostFirst(this.#doubted)
        .slice(0, NAMED_DOUBTS)
        .map(([text, times]) => (times === 1 ? text : `${text} (${times} times)`));
      const some = this.#doubtCount > NAMED_DOUBTS ? ', for example' : '';
      const what = countWords(this.#doubtCount, 'SQL text was', 'SQL texts were');
      recorder.warning(
        'source',
        `${what} not understood to the end, so that edges may be missing or incomplete${some}: ${named.join(' · ')}`
      );
    }
    if (this.#fruitless > 0)
      recorder.note(
        `${countWords(this.#fruitless, 'SQL text writes', 'SQL texts write')} a table from others and gave no edge (a table with itself, a file, a stage).`
      );
  }
}
