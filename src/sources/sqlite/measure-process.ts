/**
 * What a measuring process runs: one statement after another on its own connection. A process rather than a thread: the
 * library's calls are native and can't be interrupted, and ending a thread in the middle of one takes the whole process
 * down with it.
 */
import { Worker } from 'node:worker_threads';
import Database from 'libsql';
import { bytesOf, MOST_COLLECTED_BYTES } from '../common/collected-rows.js';
import { OutsideReach } from './outside-reach.js';

export interface ProcessTask {
  readonly sql: string;
  readonly limit: number;
}

export type ProcessAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'rows'; readonly columns: readonly string[]; readonly rows: readonly (readonly unknown[])[] }
  /** More than MOST_COLLECTED_BYTES. */
  | { readonly kind: 'too-much' }
  | { readonly kind: 'error'; readonly code: string; readonly message: string };

/**
 * The main thread hears nothing while a statement runs: another thread checks whether the worker that started this
 * process is still alive.
 */
const WATCH = `
const parent = process.ppid;
setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, 1000);
`;

const [, , uri = '', busyTimeoutMs = '5000'] = process.argv;
new Worker(WATCH, { eval: true }).unref();
const database = new Database(uri);
database.pragma(`busy_timeout = ${Number(busyTimeoutMs)}`);
const reach = new OutsideReach(new Database(uri));

function run({ sql, limit }: ProcessTask): ProcessAnswer {
  try {
    reach.refuse(sql);
    const statement = database.prepare(sql).safeIntegers(true);
    const columns = statement.columns().map((column) => column.name);
    const rows: unknown[][] = [];
    let bytes = 0;
    // To the end in any case: an abandoned iteration would hold the file's lock.
    for (const row of statement.raw(true).iterate()) {
      if (rows.length >= limit || bytes > MOST_COLLECTED_BYTES || !Array.isArray(row)) continue;
      bytes += bytesOf(row);
      rows.push([...(row as unknown[])]);
    }
    if (bytes > MOST_COLLECTED_BYTES) return { kind: 'too-much' };
    return { kind: 'rows', columns, rows };
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
    return { kind: 'error', code, message: error instanceof Error ? error.message : String(error) };
  }
}

process.on('message', (task: ProcessTask) => process.send?.(run(task)));
process.on('disconnect', () => process.exit());
process.send?.({ kind: 'ready' } satisfies ProcessAnswer);
