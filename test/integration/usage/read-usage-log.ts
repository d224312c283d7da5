import { findSource, type LoggedQuery, type UsageLogOptions } from '../../../src/sources/index.js';
import type { TestMariadb } from '../../services/mariadb.js';

const DAY = 24 * 3_600_000;

export type ReadSettings = readonly [
  options?: Partial<UsageLogOptions>,
  /** The texts that a test looks at, and further keys of the connection. */
  settings?: { readonly shown?: RegExp; readonly [key: string]: unknown },
  warnings?: string[],
];

/** What the usage log of a server has of yesterday and today. */
export async function readUsageLog(
  server: TestMariadb,
  options: Partial<UsageLogOptions> = {},
  { shown = / [ab]$|INTO b/, ...settings }: { readonly shown?: RegExp; readonly [key: string]: unknown } = {},
  warnings: string[] = []
): Promise<LoggedQuery[]> {
  const { openUsageLog } = findSource('mysql');
  if (openUsageLog === undefined) throw new Error('mysql has no usage log');
  const config = {
    ...{ username: server.user, authType: { password: server.password }, hostPort: server.hostPort },
    ...settings,
  };
  const log = await openUsageLog(config, {
    runTag: 'usage test',
    signal: new AbortController().signal,
    onStatement: () => undefined,
    onWarning: (message) => warnings.push(message),
  });
  const all: UsageLogOptions = { resultLimit: 0, users: { includes: [], excludes: [] }, ...options };
  const day = Math.floor(Date.now() / DAY) * DAY;
  const records: LoggedQuery[] = [];
  try {
    for (const window of await log.windows({ from: day - DAY, to: day + DAY }, all)) {
      for await (const { record } of log.read(window, all)) if (record.kind === 'query') records.push(record);
    }
  } finally {
    await log.close();
  }
  return records.filter(({ text }) => shown.test(text));
}
