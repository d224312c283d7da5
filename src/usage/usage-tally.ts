import type { PartRecorder } from '../report/index.js';
import type { ManifestEntry } from '../staging/index.js';
import { countWords } from '../contract/count-words.js';
import { chunkTally } from './staged-line.js';

/** Unknown tables, and statements, named in the report; the worker's log has more. */
const NAMED = 20;
const SHOWN = 5;
/** Distinct unknown names counted; beyond, the report says "more than". */
const MOST_NAMES = 50_000;

/** What the chunks of a run amount to: tables that the catalog doesn't know, and statements that weren't understood. */
export class UsageTally {
  readonly #unknown = new Map<string, number>();
  readonly #examples = new Set<string>();
  #counted = 0;
  #notUnderstood = 0;
  readonly #partlyExamples = new Set<string>();
  #partly = 0;

  constructor(chunks: readonly ManifestEntry[]) {
    const temporary = new Set<string>();
    for (const { position } of chunks) {
      const tally = chunkTally.safeParse(position);
      if (!tally.success) continue;
      this.#counted += tally.data.counted;
      this.#notUnderstood += tally.data.notUnderstood;
      for (const text of tally.data.examples) if (this.#examples.size < SHOWN) this.#examples.add(text);
      this.#partly += tally.data.partly;
      for (const text of tally.data.partlyExamples)
        if (this.#partlyExamples.size < SHOWN) this.#partlyExamples.add(text);
      for (const name of tally.data.temporary ?? []) if (temporary.size < MOST_NAMES) temporary.add(name);
      for (const [name, runs] of Object.entries(tally.data.unknown)) {
        const known = this.#unknown.get(name);
        if (known !== undefined || this.#unknown.size < MOST_NAMES) this.#unknown.set(name, (known ?? 0) + runs);
      }
    }
    // Statements of the same sessions name them too.
    for (const name of temporary) this.#unknown.delete(name);
  }

  /** The log names tables, and the catalog has none of them: most likely it has no metadata of the service yet. */
  get isAllUnknown(): boolean {
    return this.#counted === 0 && this.#unknown.size > 0;
  }

  report(recorder: PartRecorder, service: string): void {
    if (this.isAllUnknown)
      recorder.incomplete(
        `None of the tables that the log names is in the catalog under the service ${service}, so that nothing was counted. Run its metadata recipe first, then this one again.`,
        service
      );
    if (this.#unknown.size > 0) {
      const most = [...this.#unknown].sort(([left, many], [right, few]) => few - many || (left < right ? -1 : 1));
      const named = most.slice(0, NAMED).map(([name, runs]) => `${name} (${countWords(runs, 'query', 'queries')})`);
      const count = `${this.#unknown.size === MOST_NAMES ? 'more than ' : ''}${this.#unknown.size}`;
      const all = this.#unknown.size > NAMED ? `; the first of ${count}: ` : ': ';
      recorder.warning(
        'query-parser',
        `Tables that are not in the catalog, so that nothing counts for them${all}${named.join(', ')}`
      );
    }
    if (this.#notUnderstood > 0) {
      recorder.warning(
        'query-parser',
        `${countWords(this.#notUnderstood, 'query was not understood and counts', 'queries were not understood and count')} for no table: ${[...this.#examples].join(' · ')}`
      );
    }
    if (this.#partly > 0) {
      recorder.warning(
        'query-parser',
        `${countWords(this.#partly, 'query was', 'queries were')} not understood to the end, so that tables and joins may be missing: ${[...this.#partlyExamples].join(' · ')}`
      );
    }
  }
}
