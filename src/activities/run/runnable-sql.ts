/**
 * A statement as a database's own client runs it. One that ends in a comment has its semicolon on a line of its own;
 * what is a comment alone has none.
 */
export function runnableSql(sql: string): string {
  if (/^--[^\n]*$/.test(sql)) return sql;
  const lastLine = sql.slice(sql.lastIndexOf('\n') + 1);
  return /--|#|\/\//.test(lastLine) ? `${sql}\n;` : `${sql};`;
}
