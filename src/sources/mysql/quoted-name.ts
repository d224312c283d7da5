/** A name as an identifier in MySQL's SQL. */
export function quoteIdentifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** Every backquoted name in an expression as the server writes it, unquoted; quoted strings are skipped. */
export function quotedNames(expression: string): string[] {
  const names: string[] = [];
  for (const match of expression.matchAll(/'(?:[^'\\]|''|\\.)*'|`((?:[^`]|``)+)`/gs)) {
    if (match[1] !== undefined) names.push(match[1].replaceAll('``', '`'));
  }
  return names;
}
