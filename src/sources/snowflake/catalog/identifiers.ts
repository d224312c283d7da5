/**
 * A name as Snowflake quotes it; names of the catalog are always sent quoted, since they are already in their stored
 * case.
 */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function quotePath(...names: readonly string[]): string {
  return names.map(quoteName).join('.');
}

/**
 * A string literal; Snowflake reads backslashes in it as escapes. Bind variables are used wherever the statement takes
 * them.
 */
export function quoteText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/**
 * The stored name for what a recipe says: as written if that exists, else in upper case, as Snowflake stores unquoted
 * names.
 */
export function findName(written: string, existing: readonly string[]): string | undefined {
  if (existing.includes(written)) return written;
  const upper = written.toUpperCase();
  return existing.includes(upper) ? upper : undefined;
}

/** For statements a user pastes: plain where Snowflake reads it the same. */
export function quoteIfNeeded(name: string): string {
  return /^[A-Z_][A-Z0-9_$]*$/.test(name) ? name : quoteName(name);
}

/** The quoted form of a path a recipe writes, `SNOWFLAKE.ACCOUNT_USAGE` or `db."Schema"`. */
export function quoteWrittenPath(path: string): string {
  const parts = path.match(/"(?:[^"]|"")+"|[^."]+/g) ?? [];
  return parts.map((part) => (part.startsWith('"') ? part : quoteName(part.trim().toUpperCase()))).join('.');
}
