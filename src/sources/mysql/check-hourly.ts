import { z } from 'zod';
import { AuthenticationError, PermanentError } from '../../errors/index.js';
import type { CheckResult } from '../source.js';
import { quoteAccount, type Grants } from './grants.js';
import type { MysqlSession } from './session.js';

type Session = Pick<MysqlSession, 'query' | 'version'>;

/** What an account may do in an hour, in words, and from which number on no run of ours meets the limit. */
const LIMITS = [
  { option: 'MAX_QUERIES_PER_HOUR', enough: 10_000, may: (count: string) => `send ${count} statements an hour` },
  { option: 'MAX_CONNECTIONS_PER_HOUR', enough: 100, may: (count: string) => `open ${count} connections an hour` },
] as const;

/** Undefined if the account has no limit that matters. */
export async function checkHourlyLimits(session: Session, grants: Grants): Promise<CheckResult | undefined> {
  const account = (await ownAccount(session, grants)).join('\n');
  const found = LIMITS.flatMap(({ option, enough, may }) => {
    const count = new RegExp(`\\b${option} (\\d+)`).exec(account)?.[1] ?? '0';
    return Number(count) > 0 && Number(count) < enough ? [{ option, text: `${may(count)} (${option})` }] : [];
  });
  if (found.length === 0) return undefined;
  return {
    name: 'limits an hour',
    passed: false,
    mandatory: false,
    message: `this account may ${found.map(({ text }) => text).join(' and ')}: what a run needs beyond is refused until the hour is over`,
    remedy: `ALTER USER ${quoteAccount(grants.account)} WITH ${found.map(({ option }) => `${option} 0`).join(' ')};`,
  };
}

const accountRow = z.record(z.string(), z.string()).transform((row) => Object.values(row)[0] ?? '');

/** MariaDB has the limits in the first GRANT, MySQL in CREATE USER alone, which every account sees of itself. */
async function ownAccount(session: Session, grants: Grants): Promise<readonly string[]> {
  if (session.version.flavour === 'MariaDB') return grants.statements;
  try {
    return await session.query({ sql: 'SHOW CREATE USER CURRENT_USER()', values: [], row: accountRow });
  } catch (error) {
    // a server or proxy that doesn't know it: what can't be read is no finding
    if (error instanceof PermanentError && !(error instanceof AuthenticationError)) return [];
    throw error;
  }
}
