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
  /** For texts that aren't UTF-8, on which the library aborts the process. What is not becomes U+FFFD. */
  readonly textsAsBytes?: boolean;
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

function run({ sql, limit, textsAsBytes = false }: ProcessTask): ProcessAnswer {
  try {
    reach.refuse(sql);
    const given = database.prepare(sql);
    const columns = given.columns().map((column) => column.name);
    const statement = (textsAsBytes ? database.prepare(asBytes(sql, columns.length)) : given).safeIntegers(true);
    const rows: unknown[][] = [];
    let bytes = 0;
    // To the end in any case: an abandoned iteration would hold the file's lock.
    for (const row of statement.raw(true).iterate()) {
      if (rows.length >= limit || bytes > MOST_COLLECTED_BYTES || !Array.isArray(row)) continue;
      bytes += bytesOf(row);
      rows.push(textsAsBytes ? fromBytes(row) : [...(row as unknown[])]);
    }
    if (bytes > MOST_COLLECTED_BYTES) return { kind: 'too-much' };
    return { kind: 'rows', columns, rows };
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
    return { kind: 'error', code, message: error instanceof Error ? error.message : String(error) };
  }
}

/** Each value, and behind it whether it is a text. */
function asBytes(sql: string, columns: number): string {
  const names = Array.from({ length: columns }, (_, at) => `c${at}`);
  const values = names.map((name) => `CASE typeof(${name}) WHEN 'text' THEN CAST(${name} AS BLOB) ELSE ${name} END`);
  const list = values.map((value, at) => `${value}, typeof(${names[at]}) = 'text'`);
  return `WITH om_given(${names.join(', ')}) AS (${sql}\n) SELECT ${list.join(', ')} FROM om_given`;
}

function fromBytes(row: readonly unknown[]): unknown[] {
  return Array.from({ length: row.length / 2 }, (_, at) => {
    const [value, isText] = [row[2 * at], row[2 * at + 1]];
    if (Number(isText) !== 1) return value;
    return value instanceof Uint8Array || value instanceof ArrayBuffer
      ? Buffer.from(value as Uint8Array).toString()
      : '';
  });
}

process.on('message', (task: ProcessTask) => process.send?.(run(task)));
process.on('disconnect', () => process.exit());
process.send?.({ kind: 'ready' } satisfies ProcessAnswer);
