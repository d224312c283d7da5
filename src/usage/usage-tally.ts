import type { PartRecorder } from '../report/index.js';
import type { UsageLogOptions } from '../sources/index.js';
import { linesIn, type ManifestEntry } from '../staging/index.js';
import { countWords } from '../contract/count-words.js';
import { UnknownTables } from '../lineage/index.js';
import { chunkTally } from './staged-line.js';

/** Statements shown in the report; the worker's log has more. */
const SHOWN = 5;

/** What the chunks of a run amount to: tables that the catalog doesn't know, and statements that weren't understood. */
export class UsageTally {
  readonly #unknown = new UnknownTables();
  readonly #examples = new Set<string>();
  #counted = 0;
  #notUnderstood = 0;
  readonly #partlyExamples = new Set<string>();
  #partly = 0;
  readonly #texts: number;

  constructor(chunks: readonly ManifestEntry[]) {
    this.#texts = linesIn(chunks);
    for (const { position } of chunks) {
      const tally = chunkTally.safeParse(position);
      if (!tally.success) continue;
      this.#counted += tally.data.counted;
      this.#notUnderstood += tally.data.notUnderstood;
      for (const text of tally.data.examples) if (this.#examples.size < SHOWN) this.#examples.add(text);
      this.#partly += tally.data.partly;
      for (const text of tally.data.partlyExamples)
        if (this.#partlyExamples.size < SHOWN) this.#partlyExamples.add(text);
      this.#unknown.addTally(tally.data);
    }
  }

  /** The log names tables, and the catalog has none of them: most likely it has no metadata of the service yet. */
  get isAllUnknown(): boolean {
    return this.#counted === 0 && !this.#unknown.isEmpty;
  }

  /** @param users by whom the recipe wants queries */
  report(recorder: PartRecorder, service: string, { includes, excludes }: UsageLogOptions['users']): void {
    const patterns = includes.length + excludes.length;
    if (this.#texts === 0 && patterns > 0)
      recorder.note(
        `No query counts: what was read of the log has none by a login that includeUsers and excludeUsers (${countWords(patterns, 'pattern', 'patterns')}) leave.`
      );
    if (this.isAllUnknown)
      recorder.incomplete(
        `None of the tables that the log names is in the catalog under the service ${service}, so that nothing was counted. Run its metadata recipe first, then this one again.`,
        service
      );
    const unknown = this.#unknown.listed('query', 'queries');
    if (unknown !== undefined)
      recorder.warning('query-parser', `Tables that are not in the catalog, so that nothing counts for them${unknown}`);
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
