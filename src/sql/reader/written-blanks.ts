/** Logs such as Redshift's STL_QUERYTEXT write newlines and tabs as a backslash and a letter. */
const WRITTEN_BLANK = /\\[nrt]/y;

/** Behind the blank that is written so at `at`, outside quotes, where a backslash means nothing else. */
export function endOfWrittenBlank(sql: string, at: number): number | undefined {
  WRITTEN_BLANK.lastIndex = at;
  return WRITTEN_BLANK.test(sql) ? at + 2 : undefined;
}

/** The text has all its newlines written so: there, they end comments of a line, too. */
export function hasWrittenNewlines(sql: string): boolean {
  return sql.includes('\\n') && !sql.trim().includes('\n');
}
