import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { PartRecorder, PartReport } from '../report/index.js';
import type { LogRecord, LogWindow, QueryLogOptions, QueryLogSource } from '../sources/index.js';
import type { SliceWriter } from '../staging/index.js';
import type { LogLine } from './staged-line.js';

/** Texts remembered to leave out repeats: logs are made of them. Some 100 bytes each. */
const REMEMBERED = 20_000;

/** The connector's cursor behind the last staged record. */
export const windowPosition = z.record(z.string(), z.union([z.string(), z.number()]));
export type WindowPosition = z.infer<typeof windowPosition>;

export interface ReadWindowInput {
  readonly source: QueryLogSource;
  readonly window: LogWindow;
  readonly options: QueryLogOptions;
  readonly writer: SliceWriter<WindowPosition, PartReport>;
  readonly recorder: PartRecorder;
}

/** Reads a window of the log into its slice, going on behind what is staged. Repeats of a text are counted, not staged. */
export async function readWindow({ source, window, options, writer, recorder }: ReadWindowInput): Promise<void> {
  if (writer.complete) return;
  const after = writer.resumeFrom === undefined ? undefined : windowPosition.parse(writer.resumeFrom);
  const seen = new RecentTexts();
  // Counted behind the next staged record: a chunk that is committed in between ends before the repeats.
  let repeats = 0;
  for await (const { record, cursor } of source.read(window, options, after)) {
    if (seen.isRepeat(record)) {
      repeats += 1;
      continue;
    }
    await writer.add(toLine(record), { ...cursor });
    recorder.count('source', { records: repeats + 1 });
    repeats = 0;
  }
  recorder.count('source', { records: repeats });
  await writer.finish();
}

function toLine(record: LogRecord): LogLine {
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
  readonly #keys = new Set<string>();

  /** True for a text that ran in the same place a little while ago. */
  isRepeat(record: LogRecord): boolean {
    if (record.kind !== 'query') return false;
    const key = createHash('md5')
      .update(JSON.stringify([record.database, record.schema, record.procedure, record.text]))
      .digest('base64');
    const repeat = this.#keys.delete(key);
    this.#keys.add(key);
    if (this.#keys.size > REMEMBERED) {
      const oldest = this.#keys.values().next();
      if (oldest.done !== true) this.#keys.delete(oldest.value);
    }
    return repeat;
  }
}
