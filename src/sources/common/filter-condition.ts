export function isCondition(condition: string | undefined): condition is string {
  return condition !== undefined && condition.trim() !== '';
}

/**
 * A recipe's condition as part of an SQL statement. The bracket is on its own line: the condition may end in a comment.
 */
export function bracketed(condition: string): string {
  return `(${condition}\n)`;
}

/** What a recipe's condition adds to others: itself, or nothing. */
export function conditionsOf(condition: string | undefined): string[] {
  return isCondition(condition) ? [bracketed(condition)] : [];
}
