/**
 * A row of the driver with its texts as strings: MySQL 8 gives some of the catalogue's and those of its log tables as
 * bytes, MariaDB does not. Bytes that are no UTF-8 become U+FFFD. Changes the row itself, which is the caller's alone.
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
