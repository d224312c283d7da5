import type { CounterReading } from '../sources/index.js';
import type { StateAddress, StateStore, StateVersion } from '../staging/index.js';
import { countedOf, grownDay, withoutCounters } from './counted-days.js';
import { newRuns, type CountedSince } from './counted-runs.js';
import {
  ledgerLine,
  type LedgerFoot,
  type LedgerHead,
  type LedgerLine,
  type LedgerStatement,
} from './counter-lines.js';
import { DAYS_KEPT, DAY_MS, dayOf } from './utc-day.js';

export interface LedgerInput {
  readonly state: StateStore;
  readonly service: string;
  readonly version: StateVersion;
  /** What is counted by: counters that were read by other settings can't be compared. */
  readonly settings: string;
}

/** A ledger being read: its head, and what follows it. */
interface OpenLedger {
  readonly head: LedgerHead;
  readonly rest: AsyncIterator<string>;
}

/**
 * Runs of statements by day, made of counters without times: what a counter has grown by since the run before counts on
 * the day of the run that finds it. The ledger keeps both, each statement's counter and the runs of its days, and is
 * written whole before any of it is sent: a repeat, a crash and a second run at the same time find in it what they must
 * not count again.
 */
export class CounterLedger {
  readonly #address: StateAddress;

  constructor(private readonly input: LedgerInput) {
    this.#address = { service: input.service, kind: 'usage', name: 'counters' };
  }

  /**
   * Statements with the runs of their days, in the order of their keys, then the foot.
   * @param read the counters as they are now, in that order; not called when this run, or one that started later, has
   * read them already
   */
  async *lines(read: () => AsyncIterable<CounterReading>): AsyncGenerator<LedgerStatement | LedgerFoot> {
    const ledger = (await this.#own()) ?? (await this.#next(read));
    for await (const line of linesOf(ledger)) if (line.kind !== 'head') yield line;
  }

  async #own(): Promise<OpenLedger | undefined> {
    return open(await this.input.state.own(this.#address, this.input.version));
  }

  async #next(read: () => AsyncIterable<CounterReading>): Promise<OpenLedger | undefined> {
    const { state, version } = this.input;
    const before = await open(await state.read(this.#address));
    // What this run would count is in that one's ledger.
    if (before !== undefined && before.head.startedAt > version.startedAt) return before;
    await state.write(this.#address, version, this.#merged(before, read()));
    return this.#own();
  }

  async *#merged(before: OpenLedger | undefined, readings: AsyncIterable<CounterReading>): AsyncGenerator<string> {
    const { settings, version } = this.input;
    const now = readings[Symbol.asyncIterator]();
    const known = linesOf(before);
    try {
      let reading = await next(now);
      let line = await nextStatement(known);
      const isSame = before !== undefined && before.head.settings === settings;
      const readAt = reading?.readAt ?? (isSame ? before.head.readAt : undefined);
      const head: LedgerHead = { kind: 'head', version: 1, settings, startedAt: version.startedAt, readAt };
      yield JSON.stringify(head);

      const since = { before: isSame ? before.head.readAt : undefined, day: dayOf(version.startedAt) };
      const foot = new Foot(isSame ? before.head.startedAt : undefined);
      while (reading !== undefined || line !== undefined) {
        const key = [reading?.key, line?.key].filter((each) => each !== undefined).sort()[0];
        const [grown, old] = [reading?.key === key ? reading : undefined, line?.key === key ? line : undefined];
        const statement = grown === undefined ? old && gone(old) : this.#grow(grown, old, since, foot);
        const kept = statement && withoutOldDays(statement, since.day);
        if (kept !== undefined) yield JSON.stringify(kept);
        if (grown !== undefined) reading = await next(now);
        if (old !== undefined) line = await nextStatement(known);
      }
      yield JSON.stringify(foot.line());
    } finally {
      await Promise.all([now.return?.(), known.return(undefined)]);
    }
  }

  #grow(reading: CounterReading, old: LedgerStatement | undefined, since: CountedSince, foot: Foot): LedgerStatement {
    const { key, text, database, schema, user, calls, durationMs } = reading;
    const days = new Map((old?.counted?.days ?? []).map((each) => [each.day, withoutCounters(each, since.day)]));
    const before = days.get(since.day);
    const counted = before && countedOf(before, reading.since);
    const runs = newRuns(reading, since.before === undefined ? undefined : old?.counter, { ...since, counted });
    foot.add(runs.how, calls);
    const statement: LedgerStatement = {
      kind: 'statement',
      key,
      counter: { calls, durationMs, since: reading.since },
      counted: old?.counted,
    };
    if (runs.calls === 0) return statement;
    days.set(since.day, grownDay(before ?? { day: since.day, runs: 0, durationMs: 0, of: [] }, reading.since, runs));
    const newestAt = this.input.version.startedAt;
    return { ...statement, counted: { text, database, schema, user, days: [...days.values()], newestAt } };
  }
}

/** What a reading finds, told at the end of it. */
class Foot {
  #first = 0;
  #firstCalls = 0;
  #begun = 0;
  #anew = 0;

  constructor(private readonly before: number | undefined) {}

  add(how: 'more' | 'anew' | 'first', calls: number): void {
    if (how === 'anew') this.#anew += 1;
    if (how === 'more' && this.before === undefined) this.#begun += 1;
    if (how !== 'first') return;
    this.#first += 1;
    this.#firstCalls += calls;
  }

  line(): LedgerFoot {
    const { before } = this;
    return {
      kind: 'foot',
      before,
      first: this.#first,
      firstCalls: this.#firstCalls,
      begun: this.#begun,
      anew: this.#anew,
    };
  }
}

/** A statement that the log does not have any more keeps its days. */
function gone({ kind, key, counted }: LedgerStatement): LedgerStatement {
  return { kind, key, counted };
}

/** Without the days that OpenMetadata does not keep; undefined when there is nothing left to know. */
function withoutOldDays(statement: LedgerStatement, today: number): LedgerStatement | undefined {
  const { counted, ...rest } = statement;
  const days = (counted?.days ?? []).filter(({ day }) => day > today - DAYS_KEPT * DAY_MS);
  if (counted !== undefined && days.length > 0) return { ...rest, counted: { ...counted, days } };
  return rest.counter === undefined ? undefined : rest;
}

/** Undefined for no ledger, and for one that another version of this program wrote in a way not known here. */
async function open(lines: AsyncIterable<string> | undefined): Promise<OpenLedger | undefined> {
  const rest = lines?.[Symbol.asyncIterator]();
  const first = await rest?.next();
  if (rest === undefined || first === undefined || first.done === true) return undefined;
  const head = ledgerLine.safeParse(JSON.parse(first.value));
  if (head.success && head.data.kind === 'head') return { head: head.data, rest };
  await rest.return?.();
  return undefined;
}

async function* linesOf(ledger: OpenLedger | undefined): AsyncGenerator<LedgerLine> {
  if (ledger === undefined) return;
  try {
    for (;;) {
      const line = await ledger.rest.next();
      if (line.done === true) return;
      yield ledgerLine.parse(JSON.parse(line.value));
    }
  } finally {
    await ledger.rest.return?.();
  }
}

async function next<T>(values: AsyncIterator<T>): Promise<T | undefined> {
  const found = await values.next();
  return found.done === true ? undefined : found.value;
}

async function nextStatement(lines: AsyncIterator<LedgerLine>): Promise<LedgerStatement | undefined> {
  for (;;) {
    const line = await next(lines);
    if (line === undefined || line.kind === 'statement') return line;
  }
}
