import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { PartRecorder } from '../report/index.js';
import type { LogRecord, LogWindow, QueryLogOptions, QueryLogSource } from '../sources/index.js';
import { listStage, type ManifestEntry, type SliceAddress, type StageRun } from '../staging/index.js';
import { logLine, type LogLine } from './log-line.js';

/** How many statements are remembered, to leave out the repeats that logs are full of. About 100 bytes each. */
const REMEMBERED = 20_000;

/** The connector's cursor after the last staged record. */
const windowCursor = z.record(z.string(), z.union([z.string(), z.number()]));

export interface ReadWindowInput extends StageRun {
  /** Opened if there is anything left to read. */
  readonly source: () => Promise<QueryLogSource>;
  readonly window: LogWindow;
  readonly options: QueryLogOptions;
  readonly to: SliceAddress;
  readonly recorder: PartRecorder;
}

/**
 * Reads a window of the log into its slice; the connector resumes after the last record staged. Repeats of a
 * statement are counted, not staged; runs that failed and those of ingestions count as filtered.
 * @returns the slice's manifest
 */
export function readWindow(input: ReadWindowInput): Promise<readonly ManifestEntry[]> {
  const { window, options, recorder } = input;
  return listStage(input, {
    to: input.to,
    work: async (listing) => {
      const source = await input.source();
      const after = listing.after === undefined ? undefined : windowCursor.parse(listing.after);
      const seen = new RecentTexts();
      for await (const line of listing.stagedLines()) seen.isRepeat(logLine.parse(JSON.parse(line.toString())));
      const count = (): void => recorder.count('source', { records: 1 });
      for await (const { record, cursor } of source.read(window, options, after)) {
        if (record.kind === 'query' && (record.own === true || record.aborted === true)) {
          listing.pass(() => recorder.count('source', { filtered: 1 }));
          continue;
        }
        if (record.kind === 'unreadable') {
          listing.pass(() => recorder.failure('source', record.where, record.reason));
          continue;
        }
        const line = toLine(record);
        if (seen.isRepeat(line)) listing.pass(count);
        else await listing.add(JSON.stringify(line), { cursor, count });
      }
    },
  });
}

function toLine(record: Exclude<LogRecord, { readonly kind: 'unreadable' }>): LogLine {
  if (record.kind === 'load') return { kind: 'load', location: record.location, to: [...record.to] };
  const { procedure, ...rest } = record;
  const made = procedure === undefined ? {} : { procedure: [...procedure] satisfies [string, string, string] };
  if (rest.kind === 'query') return { ...rest, ...made };
  return {
    ...rest,
    columns: rest.columns.map(([from, to]) => [from, to]),
    from: [...rest.from],
    to: [...rest.to],
    ...made,
  };
}

class RecentTexts {
  readonly #keys = new LRUCache<string, true>({ max: REMEMBERED });

  /** True for a statement that ran in the same place a little while ago. */
  isRepeat(record: LogLine): boolean {
    if (record.kind !== 'query') return false;
    const key = createHash('md5')
      .update(JSON.stringify([record.database, record.schema, record.procedure, record.text, record.session]))
      .digest('base64');
    const repeat = this.#keys.has(key);
    this.#keys.set(key, true);
    return repeat;
  }
}
