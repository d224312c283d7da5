import type { PartRecorder } from '../report/index.js';
import { listed } from '../errors/index.js';
import type { UsageLogOptions } from '../sources/index.js';
import { linesIn, type ManifestEntry } from '../staging/index.js';
import { countWords } from '../contract/count-words.js';
import { UnknownTables } from '../lineage/index.js';
import { chunkTally } from './staged-line.js';

/** Statements shown in the report; the worker's log has more. */
const SHOWN = 5;
/** Databases named, of the log and of the service. */
const DATABASES = 5;

export interface TallyOf {
  readonly service: string;
  /** By whom the recipe wants queries. */
  readonly users: UsageLogOptions['users'];
  /** The databases of the service, where none of its tables was found and the catalog tells them. */
  readonly databases?: readonly string[];
  /** The log is in CSV files. */
  readonly isFile: boolean;
}

/** What the chunks of a run amount to: tables that the catalog doesn't know, and statements that weren't understood. */
export class UsageTally {
  readonly #unknown = new UnknownTables();
  readonly #several = new UnknownTables();
  readonly #examples = new Set<string>();
  #counted = 0;
  #priced = 0;
  #notUnderstood = 0;
  readonly #partlyExamples = new Set<string>();
  readonly #databases = new Set<string>();
  #partly = 0;
  readonly #texts: number;

  constructor(chunks: readonly ManifestEntry[]) {
    this.#texts = linesIn(chunks);
    for (const { position } of chunks) {
      const tally = chunkTally.safeParse(position);
      if (!tally.success) continue;
      this.#counted += tally.data.counted;
      this.#priced += tally.data.priced;
      this.#notUnderstood += tally.data.notUnderstood;
      for (const text of tally.data.examples) if (this.#examples.size < SHOWN) this.#examples.add(text);
      this.#partly += tally.data.partly;
      for (const text of tally.data.partlyExamples)
        if (this.#partlyExamples.size < SHOWN) this.#partlyExamples.add(text);
      for (const name of tally.data.databases) this.#databases.add(name);
      this.#unknown.addTally(tally.data);
      if (tally.data.several !== undefined) this.#several.addTally(tally.data.several);
    }
  }

  /** The log names tables, and the catalog has none of them: most likely it has no metadata of the service yet. */
  get isAllUnknown(): boolean {
    return this.#counted === 0 && !this.#unknown.isEmpty;
  }

  /** The log tells what statements cost. */
  get hasCosts(): boolean {
    return this.#priced > 0;
  }

  report(recorder: PartRecorder, of: TallyOf): void {
    const { service, users } = of;
    const { includes, excludes } = users;
    const patterns = includes.length + excludes.length;
    if (this.#texts === 0 && patterns > 0)
      recorder.note(
        `No query counts: what was read of the log has none by a login that includeUsers and excludeUsers (${countWords(patterns, 'pattern', 'patterns')}) leave.`
      );
    if (this.isAllUnknown)
      recorder.incomplete(
        `None of the tables that the log names is in the catalog under the service ${service}, so that nothing was counted. ${this.#remedy(of)}`,
        service
      );
    const unknown = this.#unknown.listed('query', 'queries');
    if (unknown !== undefined)
      recorder.warning('query-parser', `Tables that are not in the catalog, so that nothing counts for them${unknown}`);
    const several = this.#several.listed('query', 'queries');
    if (several !== undefined)
      recorder.warning(
        'query-parser',
        `Names that fit several tables, each of which counts, as neither the query nor the log tells which one${several}`
      );
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
  /** Where log and service name other databases, another metadata run alone would change nothing. */
  #remedy({ databases = [], isFile }: TallyOf): string {
    const known = new Set(databases.map((name) => name.toLowerCase()));
    const others = [...this.#databases].filter((name) => !known.has(name.toLowerCase()));
    if (known.size === 0 || others.length === 0 || others.length < this.#databases.size)
      return 'Run its metadata recipe first, then this one again.';
    const found = `The log has them in the ${named('database', others)}; the service has the ${named('database', databases)}.`;
    const name = databases.length === 1 ? listed(databases) : 'the name that the catalog has';
    return isFile
      ? `${found} Write ${name} as database_name, or leave that column out, so that schema and table alone are looked for (names with a database in the texts stay as they are); if they are other databases, run the metadata recipe for them first.`
      : `${found} Give the service that has these databases, or run its metadata recipe for them first, then this one again.`;
  }
}

function named(what: string, names: readonly string[]): string {
  const more = names.length > DATABASES ? `, and ${names.length - DATABASES} more` : '';
  return `${what}${names.length === 1 ? '' : 's'} ${listed(names.slice(0, DATABASES))}${more}`;
}
