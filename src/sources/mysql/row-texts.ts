/**
 * A driver's row with its text as strings: MySQL 8 returns some text in the catalogue and in its log tables as bytes,
 * MariaDB doesn't. Invalid UTF-8 becomes U+FFFD. Changes the row itself, which only the caller has.
 */
export function rowTexts(row: unknown): unknown {
  if (!isRow(row)) return row;
  for (const column in row) {
    const value = row[column];
    if (Buffer.isBuffer(value)) row[column] = value.toString('utf8');
  }
  return row;
}

function isRow(row: unknown): row is Record<string, unknown> {
  return typeof row === 'object' && row !== null;
}
