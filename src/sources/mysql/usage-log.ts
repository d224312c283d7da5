import { dayText } from '../common/utc-text.js';
import { z } from 'zod';
import type { LogCursor, LogWindow, UsageLogOptions, UsageLogSource } from '../query-log.js';
import type { SourceContext } from '../source.js';
import type { MysqlConnectionConfig } from './config.js';
import { checkLog } from './query-log-check.js';
import { knownOfLog, openLog, passOverLog, type OpenLog, type PassInput } from './query-log-pass.js';
import { quotedTable, type LogRow } from './query-log-statements.js';
import { countUses, readUses } from './usage-log-statements.js';

/** A statement of the slow log is written when it ends: it may run as long as this. */
const SLOW_LAG_MS = 3_600_000;

const DAY_SECONDS = 24 * 3600;

/** After a row; `skips`: for each day, how many of its oldest statements resultLimit leaves out, as JSON. */
const cursorModel = z.object({ row: z.number(), first: z.string(), at: z.string(), skips: z.string() });
const skipsModel = z.record(z.string(), z.number());

/**
 * The log that the server keeps in a table, read for usage: one window and one pass over all of it, since the table has
 * no index. resultLimit keeps the newest statements of each day.
 */
export async function openMysqlUsageLog(
  config: MysqlConnectionConfig,
  context: SourceContext
): Promise<UsageLogSource> {
  const open = await openLog(config, context);
  return {
    lagMs: open.log.kind === 'slow' ? SLOW_LAG_MS : 0,
    windows: async (range, options) => {
      await checkLog(open.session, open.log, options, context, 'usage');
      return [{ ...range, log: `${open.log.kind}_log` }];
    },
    read: (window, options, after) => passOverLog(open, () => passInput(open, window, options, after)),
    close: () => open.session.close(),
  };
}

async function passInput(
  open: OpenLog,
  window: LogWindow,
  options: UsageLogOptions,
  after: LogCursor | undefined
): Promise<PassInput> {
  const behind = after === undefined ? undefined : cursorModel.parse(after);
  const known = await knownOfLog(open, window);
  const skips = behind?.skips ?? JSON.stringify(await textsOverLimit(open, window, known.widened, options));
  const skipOf = skipsModel.parse(JSON.parse(skips));
  const seen = new Map<string, number>();
  const isOverLimit = ({ at }: LogRow): boolean => {
    const day = String(Math.floor(Number(at) / DAY_SECONDS));
    const number = (seen.get(day) ?? 0) + 1;
    seen.set(day, number);
    return number <= (skipOf[day] ?? 0);
  };
  const statement = readUses(open.log, known.widened, options, !known.bodies.isEmpty);
  return { ...known, statement, window, behind, isOverLimit, kept: { skips } };
}

/** By UTC day, how many of its oldest statements are left out. Counted once per window and kept in the cursor. */
async function textsOverLimit(
  { session, log, context }: OpenLog,
  window: LogWindow,
  widened: LogWindow,
  options: UsageLogOptions
): Promise<Record<string, number>> {
  const { resultLimit } = options;
  if (resultLimit === 0) return {};
  const counted = await session.query(countUses(log, widened, options));
  const over = counted.filter(({ texts }) => texts > resultLimit);
  const told = over.filter(
    ({ day }) => (day + 1) * DAY_SECONDS * 1000 > window.from && day * DAY_SECONDS * 1000 < window.to
  );
  if (told.length > 0) {
    const days = told.map(({ day, texts }) => `${dayText(day * DAY_SECONDS * 1000)} (${texts})`).join(', ');
    context.onWarning(
      `${quotedTable(log)} has more queries than resultLimit takes of a day: ${days}. The newest ${resultLimit} of each count. 0 counts all.`
    );
  }
  return Object.fromEntries(over.map(({ day, texts }) => [day, texts - resultLimit]));
}
