import { PermanentError } from '../../errors/index.js';
import { countWords } from '../../contract/count-words.js';
import { nameFilter } from '../../filters/index.js';
import { dayText } from '../common/utc-text.js';
import type {
  CountedQuery,
  LogCursor,
  LoggedTable,
  LogWindow,
  UsageLogOptions,
  UsageLogSource,
  UsageRecord,
} from '../query-log.js';
import type { SourceContext } from '../source.js';
import type { SnowflakeConnectionConfig } from './config.js';
import { openConnection } from './session/connection.js';
import type { Driver } from './session/driver.js';
import { tableNames } from './history/query-log-names.js';
import { readLogRows } from './history/query-log-result.js';
import type { Row } from './session/row.js';
import type { Session } from './session/session.js';
import { planUsageWindows } from './history/usage-log-windows.js';
import { countUses } from './history/usage-log-statements.js';

const DAY_MS = 24 * 3_600_000;
/** Account usage views may still lack what ran this long ago; milliseconds. */
const LAG_MS = 3 * 3_600_000;

/**
 * The account usage views, read for usage: statements are counted inside the warehouse, their tables taken from
 * ACCESS_HISTORY where it can be read. One statement per window; a retry fetches the same result again by the
 * statement's id.
 * @param driver a stand-in for snowflake-sdk
 */
export async function openSnowflakeUsageLog(
  config: SnowflakeConnectionConfig,
  context: SourceContext,
  driver?: Driver
): Promise<UsageLogSource> {
  const { session, identity } = await openConnection(config, context, driver);
  return {
    lagMs: LAG_MS,
    windows: (range, options) => planUsageWindows({ session, config, role: identity.role, range, options }),
    read: (window, options, after) => readWindow(session, config, window, options, after),
    close: () => session.close(),
  };
}

async function* readWindow(
  session: Session,
  { accountUsageSchema, creditCost }: SnowflakeConnectionConfig,
  window: LogWindow,
  options: UsageLogOptions,
  after: LogCursor | undefined
): AsyncGenerator<{ record: UsageRecord; cursor: LogCursor }> {
  const parts = new Set(window.log.split('+'));
  if (!parts.has('uses')) throw new PermanentError(`Snowflake has no usage log ${window.log}.`);
  const rows = readLogRows({
    session,
    statement: (after) =>
      countUses({
        accountUsageSchema,
        window,
        options,
        withAccess: parts.has('access'),
        withUsers: parts.has('users'),
        after,
      }),
    keyOf: (row) => ({ at: 0, id: row.text('GROUP_KEY') }),
    after,
  });
  const users = nameFilter('usage', { includes: [...options.users.includes], excludes: [...options.users.excludes] });
  const untold = { runs: 0, lost: 0 };
  const settings = { from: window.from, creditCost, untold };
  let group: Group | undefined;
  let reached: LogCursor | undefined;
  // A record is a whole group, its cursor that of the group's last row.
  for await (const { row, cursor } of rows) {
    const key = row.text('GROUP_KEY');
    if (group !== undefined && group.key !== key && reached !== undefined) {
      const record = group.record();
      if (record !== undefined) yield { record, cursor: reached };
      group = undefined;
    }
    group ??= new Group(key, row, settings);
    if ((await users.reason(row.optionalText('USER_NAME') ?? '')) === undefined) group.add(row);
    reached = { ...cursor };
  }
  const record = group?.record();
  if (record !== undefined && reached !== undefined) yield { record, cursor: reached };
  if (untold.runs > 0) session.context.onWarning(untoldText(untold, window));
}

function untoldText({ runs, lost }: Untold, { from }: LogWindow): string {
  const found = `From ${dayText(from)} on, QUERY_HISTORY has ${countWords(runs, 'run', 'runs')} without a text`;
  if (lost === runs) return `${found}, which count for nothing.`;
  const lacking = lost === 0 ? '' : `; ACCESS_HISTORY lacks ${lost} of them, which count for nothing`;
  return `${found}: their joins don't count${lacking}.`;
}

interface GroupSettings {
  /** Midnight of day number 0, milliseconds since the epoch. */
  readonly from: number;
  readonly creditCost: number;
  readonly untold: Untold;
}

/** Runs without a text, and those of them whose tables the account doesn't tell either. */
interface Untold {
  runs: number;
  lost: number;
}

/** Rows with one statement in one place with one set of tables. */
class Group {
  readonly #days = new Map<number, { day: number; runs: number; durationMs: number; cost: number }>();
  readonly #users = new Map<string, { login: string; email?: string }>();
  #newest: { at: number; user?: string } = { at: 0 };

  constructor(
    readonly key: string,
    private readonly head: Row,
    private readonly settings: GroupSettings
  ) {}

  add(row: Row): void {
    const { from, creditCost } = this.settings;
    const login = row.optionalText('USER_NAME');
    const day = from + (row.optionalNumber('DAY_NUMBER') ?? 0) * DAY_MS;
    const known = this.#days.get(day) ?? { day, runs: 0, durationMs: 0, cost: 0 };
    this.#days.set(day, {
      day,
      runs: known.runs + (row.optionalNumber('RUNS') ?? 0),
      durationMs: known.durationMs + (row.optionalNumber('ELAPSED_MS') ?? 0),
      cost: known.cost + (row.optionalNumber('CREDITS') ?? 0) * creditCost,
    });
    const email = row.optionalText('EMAIL');
    if (login !== undefined) this.#users.set(login, { login, ...(email === undefined ? {} : { email }) });
    const at = row.optionalNumber('NEWEST_MS') ?? 0;
    if (at > this.#newest.at) this.#newest = { at, ...(login === undefined ? {} : { user: login }) };
  }

  /** undefined when no run of it is wanted, or nothing tells its tables. */
  record(): UsageRecord | undefined {
    if (this.#days.size === 0) return undefined;
    const { head } = this;
    const text = head.optionalText('QUERY_TEXT') ?? '';
    const [database, schema] = [head.optionalText('DATABASE_NAME'), head.optionalText('SCHEMA_NAME')];
    const queryType = head.optionalText('QUERY_TYPE');
    const access = accessOf(head);
    if (text === '') {
      const { untold } = this.settings;
      const runs = [...this.#days.values()].reduce((sum, day) => sum + day.runs, 0);
      untold.runs += runs;
      if (access === undefined) untold.lost += runs;
      if (access === undefined) return undefined;
    }
    const counted: CountedQuery = {
      text,
      ...(database === undefined ? {} : { database }),
      ...(schema === undefined ? {} : { schema }),
      ...(queryType === undefined ? {} : { queryType }),
      ...(access === undefined ? {} : { access }),
      days: [...this.#days.values()],
      users: [...this.#users.values()],
      newestAt: this.#newest.at,
      ...(this.#newest.user === undefined ? {} : { newestUser: this.#newest.user }),
    };
    return { kind: 'counted', ...counted };
  }
}

/** undefined for what ACCESS_HISTORY does not have. */
function accessOf(head: Row): CountedQuery['access'] {
  const [read, written] = [head.optionalText('TABLES_READ'), head.optionalText('TABLES_WRITTEN')];
  if (read === undefined && written === undefined) return undefined;
  return { read: namesOf(read), written: namesOf(written) };
}

function namesOf(list: string | undefined): LoggedTable[] {
  const names = new Set((list ?? '').split('\n'));
  return [...names].flatMap((path) => {
    const parts = tableNames(path);
    return parts === undefined ? [] : [parts];
  });
}
