import { queryChecksum } from '../openmetadata/index.js';
import { dayText } from '../sources/index.js';
import type { JournalLine } from '../contract/journal.js';
import type { SliceAddress, StagingStore } from '../staging/index.js';
import { publishedLines, publishPosition, type PublishedDay } from './published-line.js';
import { parsedText } from './staged-line.js';
import { keyedPart } from './usage-part.js';

/** Checksums held. */
const MOST_HELD = 50_000;
const HELD = 'not stored for this service: another service or name has this text, and OpenMetadata keeps each once';

export interface UsageJournalInput {
  readonly store: StagingStore;
  /** The parsed statements of each window. */
  readonly parsed: readonly SliceAddress[];
  /** What was added up. */
  readonly usage: SliceAddress;
  readonly published: SliceAddress;
}

/**
 * The uses of each table and day that the log shows and what became of them, then the statements that made them, a line
 * per statement and table; includes runs that ended early. Holds one chunk, and the first 50,000 checksums of texts
 * that another service holds.
 */
export async function* usageJournal(input: UsageJournalInput): AsyncGenerator<JournalLine> {
  const { store, published } = input;
  for await (const line of publishedLines(store, published)) if (line.kind === 'day') yield toJournal(line);
  yield* unpublished(input);
  yield* texts(input, await heldElsewhere(input));
}

function toJournal({ fqn, day, count, outcome, larger, reason: why }: PublishedDay): JournalLine {
  const reason = larger === undefined ? why : `the catalog has ${larger}, more than the log shows now`;
  return { fqn, date: dayText(day), count, outcome, ...(reason === undefined ? {} : { reason }) };
}

async function heldElsewhere({ store, published }: UsageJournalInput): Promise<ReadonlySet<string>> {
  const held = new Set<string>();
  for await (const line of publishedLines(store, published)) {
    if (line.kind === 'query') held.add(line.checksum);
    if (held.size === MOST_HELD) break;
  }
  return held;
}

/** Days that the run did not get to. */
async function* unpublished({ store, usage, published }: UsageJournalInput): AsyncGenerator<JournalLine> {
  const last = (await store.manifest(published)).at(-1)?.position;
  const done = last === undefined ? { chunk: 0, lines: 0 } : publishPosition.parse(last);
  for (const [index, entry] of (await store.manifest(usage)).entries()) {
    if (index < done.chunk) continue;
    let line = 0;
    for (const value of await store.read(entry)) {
      line += 1;
      if (index === done.chunk && line <= done.lines) continue;
      const [, part] = keyedPart.parse(value);
      if (part.kind === 'day') yield { fqn: part.fqn, date: dayText(part.day), count: part.count, outcome: 'read' };
    }
  }
}

async function* texts({ store, parsed }: UsageJournalInput, held: ReadonlySet<string>): AsyncGenerator<JournalLine> {
  for (const slice of parsed) {
    for (const entry of await store.manifest(slice)) {
      for (const value of await store.read(entry)) {
        const { tables, days, query, shown } = parsedText.parse(value);
        const sql = query?.text ?? shown;
        const uses = days.map(({ day, runs }) => ({ date: dayText(day), count: runs }));
        const isHeld = held.size > 0 && query !== undefined && held.has(queryChecksum(query.text));
        const more = { ...(sql === undefined ? {} : { sql }), ...(isHeld ? { reason: HELD } : {}), uses };
        for (const { fqn } of tables) yield { fqn, outcome: 'read', ...more };
      }
    }
  }
}
