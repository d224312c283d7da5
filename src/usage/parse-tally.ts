import { beginning } from '../errors/index.js';
import { completeName, UnknownTables } from '../lineage/index.js';
import { isServerTable, maskLiterals, type Dialect, type PooledLineage } from '../sql/index.js';
import type { FoundTables } from './column-joins.js';
import type { ChunkTally, TextGroup } from './staged-line.js';
import { temporaryTables, type NamedTable } from './table-uses.js';

/** Statements that weren't understood, shown by one chunk's tally. */
const EXAMPLES = 3;
/** Databases of unknown tables that one chunk's tally names. */
const DATABASES = 20;
/** Characters of a statement that a report shows, its literals masked. */
const SHOWN_TEXT = 150;

/** What a chunk's tally tells of its statements, besides what it counts for tables. */
export class ParseTally {
  readonly #unknown = new UnknownTables();
  readonly #several = new UnknownTables();
  readonly #examples: string[] = [];
  readonly #partlyExamples: string[] = [];
  readonly #databases = new Set<string>();
  #counted = 0;
  #priced = 0;
  #notUnderstood = 0;
  #partly = 0;

  constructor(private readonly dialect: Dialect) {}

  add(
    group: TextGroup,
    lineage: PooledLineage,
    uses: readonly NamedTable[],
    tables: FoundTables,
    isCounted: boolean
  ): void {
    const runs = runsOf([group]);
    if (isCounted) this.#counted += runs;
    for (const { priced } of group.days) this.#priced += priced;
    for (const { name, full, parts, isOwn } of new Map(uses.map((use) => [use.full, use])).values()) {
      const { database, schema } = group;
      if ((tables.get(name)?.length ?? 0) > 1) this.#several.add(full, runs);
      if (isOwn || tables.has(name) || isServerTable({ parts, database, schema }, this.dialect)) continue;
      this.#unknown.add(full, runs);
      this.#addDatabase(completeName({ parts, database }).database);
    }
    for (const name of temporaryTables(group, lineage)) this.#unknown.addTemporary(name);
    const isDoubtful = lineage.doubts.length > 0;
    const isLost = lineage.poisoned !== undefined || (isDoubtful && uses.length === 0);
    // Where the log itself names the tables, only joins hang on the text.
    if (!isLost && !(isDoubtful && group.access === undefined)) return;
    if (isLost) this.#notUnderstood += runs;
    else this.#partly += runs;
    const examples = isLost ? this.#examples : this.#partlyExamples;
    if (examples.length < EXAMPLES) examples.push(shownText(group, this.dialect));
  }

  #addDatabase(name: string | undefined): void {
    if (name !== undefined && this.#databases.size < DATABASES) this.#databases.add(name);
  }

  result(): ChunkTally {
    return {
      ...this.#unknown.tally(),
      counted: this.#counted,
      priced: this.#priced,
      notUnderstood: this.#notUnderstood,
      examples: this.#examples,
      partly: this.#partly,
      partlyExamples: this.#partlyExamples,
      ...(this.#several.isEmpty ? {} : { several: this.#several.tally() }),
      databases: [...this.#databases],
    };
  }
}

export function runsOf(groups: readonly TextGroup[]): number {
  return groups.reduce((sum, { days }) => sum + days.reduce((runs, day) => runs + day.runs, 0), 0);
}

export function shownText({ text, masked, session }: TextGroup, dialect: Dialect): string {
  return masked === undefined
    ? maskLiterals(beginning(text, SHOWN_TEXT), dialect, session)
    : beginning(masked, SHOWN_TEXT);
}
