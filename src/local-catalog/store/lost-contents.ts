import { closeSync, existsSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { damaged } from './not-a-catalog.js';
import type { Sqlite } from './sqlite.js';

export const MAGIC = 'SQLite format 3\0';
const PAGE_SIZE_AT = 16;
const HEADER_BYTES = 18;
/** How the header writes a page size that its two bytes can't hold. */
const LARGEST_PAGE = 65_536;

/**
 * Refuses a file that was cut off or emptied, before SQLite looks at it: SQLite rounds up a last page that is not
 * whole, and deletes the log of an empty file. With a log, a size that is no whole number of pages may be mended from
 * it.
 *
 * @throws Error that says what is lost
 */
export function refuseCutFile(file: string): void {
  const size = sizeOf(file);
  const hasLog = sizeOf(`${existsSync(file) ? realpathSync(file) : file}-wal`) > 0;
  if (size === 0) {
    if (hasLog) throw damaged(file, `is empty, but its log ${file}-wal is not`);
    return;
  }
  const page = pageSizeOf(file);
  if (page !== undefined && !hasLog && size % page !== 0)
    throw damaged(file, `is cut off: its ${size} bytes are no whole number of pages of ${page}`);
}

/**
 * Refuses a file without contents beside a key: a key is made only once the file has its tables and the secret that
 * signs tokens.
 *
 * @throws Error that says what is lost
 */
export function refuseLostContents(sqlite: Sqlite, file: string, isNew: boolean): void {
  if (!existsSync(`${file}.key`)) return;
  if (isNew)
    throw damaged(
      file,
      `is empty, but its key ${file}.key was here before: its contents, or the log that had them, are lost`,
      `, or remove ${file}.key too to start a new one`
    );
  const has = sqlite.prepareOnce("SELECT 1 FROM meta WHERE key = 'token-secret'").row();
  if (has === undefined) throw damaged(file, 'lacks what its first start wrote: its log was cut off');
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function pageSizeOf(file: string): number | undefined {
  const header = Buffer.alloc(HEADER_BYTES);
  const opened = openSync(file, 'r');
  try {
    if (readSync(opened, header, 0, HEADER_BYTES, 0) < HEADER_BYTES) return undefined;
  } finally {
    closeSync(opened);
  }
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) return undefined;
  const page = header.readUInt16BE(PAGE_SIZE_AT);
  return page === 1 ? LARGEST_PAGE : page === 0 ? undefined : page;
}
