import { z } from 'zod';
import type { LogCursor, LogWindow, QueryLogOptions, QueryLogSource } from '../query-log.js';
import type { SourceContext } from '../source.js';
import type { MysqlConnectionConfig } from './config.js';
import { checkLog } from './query-log-check.js';
import { knownOfLog, openLog, passOverLog, type OpenLog, type PassInput } from './query-log-pass.js';
import { countTexts, quotedTable, readTexts } from './query-log-statements.js';

/** After statement number `row` of the window, which ran `at`; statements before `skip` were cut off by resultLimit. */
const cursorModel = z.object({ row: z.number(), skip: z.number(), first: z.string(), at: z.string() });

/**
 * The query log that the server keeps in a table: `mysql.general_log`, `mysql.slow_log`, or a copy of one of them. The
 * table has no index, so the whole range is one window and one pass. A retry passes over the same rows again and
 * resumes after its cursor.
 */
export async function openMysqlQueryLog(
  config: MysqlConnectionConfig,
  context: SourceContext
): Promise<QueryLogSource> {
  const open = await openLog(config, context);
  return {
    windows: async (range, options) => {
      await checkLog(open.session, open.log, options, context, 'lineage');
      return [{ ...range, log: `${open.log.kind}_log` }];
    },
    read: (window, options, after) => passOverLog(open, () => passInput(open, window, options, after)),
    close: () => open.session.close(),
  };
}

async function passInput(
  open: OpenLog,
  window: LogWindow,
  options: QueryLogOptions,
  after: LogCursor | undefined
): Promise<PassInput> {
  const behind = after === undefined ? undefined : cursorModel.parse(after);
  const { resultLimit } = options;
  const known = await knownOfLog(open, window);
  const skip = behind?.skip ?? (await textsOverLimit(open, known.widened, options));
  const end = resultLimit > 0 ? skip + resultLimit : Infinity;
  let number = 0;
  const isOverLimit = (): boolean => {
    number += 1;
    return number <= skip || number > end;
  };
  const statement = readTexts(open.log, known.widened, options);
  return { ...known, statement, window, behind, isOverLimit, kept: { skip } };
}

/** How many of the oldest statements resultLimit leaves out. Counted once per window and kept in the cursor. */
async function textsOverLimit(
  { session, log, context }: OpenLog,
  window: LogWindow,
  options: QueryLogOptions
): Promise<number> {
  if (options.resultLimit === 0) return 0;
  const [counted] = await session.query(countTexts(log, window, options));
  const texts = counted?.texts ?? 0;
  if (texts <= options.resultLimit) return 0;
  context.onWarning(
    `${quotedTable(log)} has ${texts} texts that may carry lineage; resultLimit reads the newest ${options.resultLimit} of them. 0 reads all.`
  );
  return texts - options.resultLimit;
}
