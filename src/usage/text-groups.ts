import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { maskWholeText, sentCall, type Dialect } from '../sql/index.js';
import type { CountedQuery, LoggedQuery } from '../sources/index.js';
import type { Keyed } from './merge-runs.js';
import { laterOf, type DayRuns, type Login, type Moment, type TextGroup } from './staged-line.js';
import { dayOf } from './utc-day.js';

/** What each entry takes in addition to its strings, in bytes; estimates. */
const GROUP_BYTES = 600;
const DAY_BYTES = 120;
const USER_BYTES = 100;
/**
 * SQL texts remembered as written together with their group, so that a repeat need not be masked again: at most this
 * many, of at most this many characters.
 */
const REMEMBERED = 10_000;
const REMEMBERED_CHARACTERS = 4 * 1024 * 1024;
/**
 * SQL texts are remembered as long as at least one in this many is a repeat, judged once the first ones are through.
 */
const LEAST_REPEATS = 20;
const TRIED = 5_000;

interface Group {
  readonly head: Omit<TextGroup, 'days' | 'users' | 'newest'>;
  readonly days: Map<number, DayRuns>;
  readonly users: Map<string, Login>;
  newest: Moment;
}

/** A logged query that counts, since its time is known. */
export type TimedQuery = LoggedQuery & { readonly startedAt: number };

/**
 * Folds runs into groups: statements of one place and kind that are equal once their literals are masked. What a log
 * repeats a million times is one line here.
 */
export class TextGroups {
  readonly #groups = new Map<string, Group>();
  readonly #asWritten = new LRUCache<string, Group>({
    max: REMEMBERED,
    maxSize: REMEMBERED_CHARACTERS,
    sizeCalculation: (_, written) => written.length,
  });
  #asked = 0;
  #repeated = 0;
  #bytes = 0;

  /**
   * @param kept days that OpenMetadata keeps and that have begun, from the first to before `until`, milliseconds since
   * the epoch: of others there are runs alone, without users, duration and cost, so that they can be told
   */
  constructor(
    private readonly dialect: Dialect,
    private readonly kept: { readonly from: number; readonly until: number } = { from: -Infinity, until: Infinity }
  ) {}

  /** Estimated memory, bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#groups.size;
  }

  add(query: TimedQuery): void {
    const { text, database, schema, queryType, exactNames, session, temporary } = query;
    const { startedAt, user, durationMs, cost } = query;
    const written = this.#repeats()
      ? JSON.stringify([database, schema, queryType, session, temporary, text])
      : undefined;
    let group = written === undefined ? undefined : this.#asWritten.get(written);
    this.#asked += 1;
    if (group !== undefined) this.#repeated += 1;
    else {
      group = this.#groupOf({
        text,
        ...(database === undefined ? {} : { database }),
        ...(schema === undefined ? {} : { schema }),
        ...(queryType === undefined ? {} : { queryType }),
        ...(exactNames === undefined ? {} : { exactNames }),
        ...(session === undefined ? {} : { session }),
        ...(temporary === undefined ? {} : { temporary: temporary.map((parts) => [...parts]) }),
      });
      if (written !== undefined) this.#asWritten.set(written, group);
    }
    this.#count(group, {
      day: dayOf(startedAt),
      runs: 1,
      timed: durationMs === undefined ? 0 : 1,
      durationMs: durationMs ?? 0,
      priced: cost === undefined ? 0 : 1,
      cost: cost ?? 0,
    });
    if (!this.#isKept(startedAt)) return;
    if (user !== undefined && !group.users.has(user)) this.#addUser(group, [user]);
    if (startedAt >= group.newest.at) later(group, { at: startedAt, ...(user === undefined ? {} : { user: [user] }) });
  }

  addCounted(query: CountedQuery): void {
    const { text, database, schema, queryType, access } = query;
    const group = this.#groupOf({
      text,
      ...(database === undefined ? {} : { database }),
      ...(schema === undefined ? {} : { schema }),
      ...(queryType === undefined ? {} : { queryType }),
      ...(access === undefined ? {} : { access: { read: plain(access.read), written: plain(access.written) } }),
    });
    for (const { day, runs, durationMs, cost } of query.days) {
      const priced = cost === undefined ? 0 : runs;
      this.#count(group, { day, runs, timed: runs, durationMs, priced, cost: cost ?? 0 });
    }
    if (!query.days.some(({ day }) => this.#isKept(day))) return;
    const logins = query.users.map(({ login, email }): Login => (email === undefined ? [login] : [login, email]));
    for (const login of logins) this.#addUser(group, login);
    const newest = logins.find(([login]) => login === query.newestUser);
    if (this.#isKept(query.newestAt))
      later(group, { at: query.newestAt, ...(newest === undefined ? {} : { user: newest }) });
  }

  /** Returns the groups, sorted by their keys, and starts over. */
  take(): Keyed<TextGroup>[] {
    const lines = [...this.#groups].map(([same, { head, days, users, newest }]): Keyed<TextGroup> => {
      const group: TextGroup = {
        ...head,
        days: [...days.values()].sort((left, right) => left.day - right.day),
        users: [...users.values()].sort(([left], [right]) => (left < right ? -1 : 1)),
        newest,
      };
      return [createHash('md5').update(same).digest('base64'), group];
    });
    this.#groups.clear();
    this.#asWritten.clear();
    this.#bytes = 0;
    return lines.sort(([left], [right]) => (left < right ? -1 : 1));
  }

  /** Whether statements repeat literally: where all literals differ, remembering them costs time and gains nothing. */
  #repeats(): boolean {
    return this.#asked < TRIED || this.#repeated * LEAST_REPEATS > this.#asked;
  }

  #groupOf(logged: Omit<Group['head'], 'masked'>): Group {
    const head = { ...logged, ...sentCall(logged.text, this.dialect) };
    const whole = maskWholeText(head.text, this.dialect, head.session);
    // of a text that the log lacks nothing is stored
    const masked = whole?.text === '' ? undefined : whole?.text;
    const text = whole === undefined || whole.hidesTables ? head.text : whole.text;
    const place = [text, head.database, head.schema, head.queryType, head.access];
    const { session, temporary } = head;
    const told = session === undefined && temporary === undefined ? [] : [{ session, temporary }];
    const same = JSON.stringify([...place, ...told]);
    const known = this.#groups.get(same);
    if (known !== undefined) return known;
    const group: Group = {
      head: masked === undefined ? head : { ...head, masked },
      days: new Map(),
      users: new Map(),
      newest: { at: 0 },
    };
    this.#groups.set(same, group);
    this.#bytes += GROUP_BYTES + head.text.length + same.length;
    return group;
  }

  #isKept(time: number): boolean {
    return time >= this.kept.from && time < this.kept.until;
  }

  #count({ days }: Group, counted: DayRuns): void {
    const { day, runs } = counted;
    const more: DayRuns = this.#isKept(day)
      ? counted
      : { day, runs, timed: 0, durationMs: 0, priced: 0, cost: 0, leftOut: true };
    const known = days.get(more.day);
    if (known === undefined) this.#bytes += DAY_BYTES;
    days.set(more.day, known === undefined ? more : addRuns(known, more));
  }

  #addUser({ users }: Group, login: Login): void {
    if (users.has(login[0])) return;
    users.set(login[0], login);
    this.#bytes += USER_BYTES;
  }
}

/** What two runs in the log say about one statement. */
export function uniteGroups(left: TextGroup, right: TextGroup): TextGroup {
  const days = new Map(left.days.map((day) => [day.day, day]));
  for (const day of right.days) {
    const known = days.get(day.day);
    days.set(day.day, known === undefined ? day : addRuns(known, day));
  }
  const users = new Map(left.users.map((login) => [login[0], login]));
  for (const login of right.users) if (users.get(login[0])?.[1] === undefined) users.set(login[0], login);
  return {
    ...left,
    days: [...days.values()].sort((one, other) => one.day - other.day),
    users: [...users.values()].sort(([one], [other]) => (one < other ? -1 : 1)),
    newest: laterOf(left.newest, right.newest),
  };
}

/** Sums of the same day. */
function addRuns(left: DayRuns, right: DayRuns): DayRuns {
  return {
    day: left.day,
    runs: left.runs + right.runs,
    timed: left.timed + right.timed,
    durationMs: left.durationMs + right.durationMs,
    priced: left.priced + right.priced,
    cost: left.cost + right.cost,
    ...(left.leftOut === true ? { leftOut: true } : {}),
  };
}

function later(group: Group, moment: Moment): void {
  group.newest = laterOf(group.newest, moment);
}

function plain(tables: readonly (readonly [string, string, string])[]): [string, string, string][] {
  return tables.map(([database, schema, name]) => [database, schema, name]);
}
