import { z } from 'zod';
import type { NameFilter } from '../filters/index.js';
import type { PartRecorder } from '../report/index.js';
import {
  dayText,
  type CountedQuery,
  type CounterReading,
  type LogCursor,
  type LogWindow,
  type UsageLogOptions,
  type UsageLogSource,
  type UsageRecord,
} from '../sources/index.js';
import { countWords } from '../contract/count-words.js';
import type { CounterLedger } from './counter-ledger.js';
import type { LedgerFoot, LedgerStatement } from './counter-lines.js';
import { dayOf } from './utc-day.js';

/** A usage log in which counters without times have become runs of days: none of its records is a counter. */
export interface RunLog {
  read(
    window: LogWindow,
    options: UsageLogOptions,
    after?: LogCursor
  ): AsyncIterable<{ readonly record: UsageRecord; readonly cursor: LogCursor }>;
}

export interface RunLogInput {
  readonly ledger: CounterLedger;
  readonly users: NameFilter;
  readonly recorder: PartRecorder;
  /** Start of the run, milliseconds since the epoch. */
  readonly startedAt: number;
}

/** After the statement of this key. */
const cursorModel = z.object({ key: z.string() });

/** The log as it is; of one that has counters only, the runs that the ledger makes of them. */
export function runLog(source: Pick<UsageLogSource, 'read'>, input: RunLogInput): RunLog {
  return {
    read: (window, options, after) =>
      window.counters === true
        ? countedRuns(source, input, window, options, after)
        : source.read(window, options, after),
  };
}

async function* countedRuns(
  source: Pick<UsageLogSource, 'read'>,
  { ledger, users, recorder, startedAt }: RunLogInput,
  ...[window, options, after]: Parameters<RunLog['read']>
): AsyncGenerator<{ record: UsageRecord; cursor: LogCursor }> {
  const afterKey = after === undefined ? '' : cursorModel.parse(after).key;
  for await (const line of ledger.lines(() => readings(source, window, options))) {
    if (line.kind === 'foot') {
      for (const note of notesOf(line, startedAt)) recorder.note(note);
      continue;
    }
    if (line.key <= afterKey) continue;
    const record = recordOf(line, window);
    if (record === undefined) continue;
    if ((await users.reason(record.newestUser ?? '')) !== undefined) recorder.count('source', { filtered: 1 });
    else yield { record: { kind: 'counted', ...record }, cursor: { key: line.key } };
  }
}

async function* readings(
  source: Pick<UsageLogSource, 'read'>,
  window: LogWindow,
  options: UsageLogOptions
): AsyncGenerator<CounterReading> {
  for await (const { record } of source.read(window, options)) if (record.kind === 'counter') yield record;
}

/** Undefined for a statement without runs in the window. */
function recordOf({ counted }: LedgerStatement, { from, to }: LogWindow): CountedQuery | undefined {
  if (counted === undefined) return undefined;
  const days = counted.days
    .filter(({ day }) => day >= from && day < to)
    .map(({ day, runs, durationMs }) => ({ day, runs, durationMs }));
  if (days.length === 0) return undefined;
  const { text, database, schema, user, newestAt } = counted;
  return {
    text,
    ...(database === undefined ? {} : { database }),
    ...(schema === undefined ? {} : { schema }),
    days,
    users: user === undefined ? [] : [{ login: user }],
    newestAt,
    ...(user === undefined ? {} : { newestUser: user }),
  };
}

function* notesOf({ before, first, firstCalls, begun, anew }: LedgerFoot, startedAt: number): Generator<string> {
  const day = dayText(dayOf(startedAt));
  if (before === undefined) {
    const since =
      'The log counts runs of statements and knows no times of them. This run is the first to read it, or reads it by other settings than the one before';
    if (first > 0)
      yield `${since}: ${countWords(firstCalls, 'run', 'runs')} of ${countWords(first, 'statement', 'statements')} happened no one knows when and ${firstCalls === 1 ? 'counts' : 'count'} for no day. From the next run on, what was added counts.`;
    else if (begun > 0)
      yield `${since}: all counters began on ${day}, so that what they show counts on it, without what earlier runs have counted of them.`;
  } else if (first > 0) {
    yield `${countWords(first, 'counter is', 'counters are')} of another server than at the run before: ${countWords(firstCalls, 'run counts', 'runs count')} for no day.`;
  }
  if (before !== undefined)
    yield `The log counts runs of statements and knows no times of them: those since the run of ${new Date(before).toISOString()} count on ${day}.`;
  if (anew > 0)
    yield `${countWords(anew, 'counter', 'counters')} restarted since the last run (a reset, or a statement that was pushed out and came back): what was counted up to then is lost.`;
}
