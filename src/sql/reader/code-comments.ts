import type { SqlServer } from '../sql-session.js';

/** `/*!`, and MariaDB's own `/*M!`, with the least version that runs what follows. */
const MARK = /\/\*(M?)!(\d{5,6})?/y;
/** Dumps write it for what no server may run. */
const NO_VERSION = 99_999;
/** Versions that MySQL has and MariaDB never had: it leaves out what is meant for them. */
const [NOT_OF_MARIADB, MARIADB_AGAIN] = [50_700, 100_000];

/** Where the code of the comment at `at` begins, or that such a server doesn't run it; undefined for other comments. */
export function codeInComment(sql: string, at: number, server: SqlServer): number | 'not run' | undefined {
  MARK.lastIndex = at;
  const match = MARK.exec(sql);
  if (match === null) return undefined;
  const [mark, own, written] = match;
  const isOwn = own !== '';
  if (isOwn && !server.isMariaDb) return undefined;
  return written === undefined || runs(Number(written), isOwn, server) ? at + mark.length : 'not run';
}

function runs(least: number, isOwn: boolean, { isMariaDb, version }: SqlServer): boolean {
  if (isMariaDb && !isOwn && least >= NOT_OF_MARIADB && least < MARIADB_AGAIN) return false;
  return version === undefined ? Math.floor(least / 10) !== NO_VERSION && least !== NO_VERSION : least <= version;
}
