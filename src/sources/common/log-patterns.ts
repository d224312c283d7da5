/** Statements of ingestions (this program's and others') and of dbt, whose lineage comes from dbt itself. */
export const OWN_COMMENTS = ['/* {"app": "openmetadata"%', '/* {"app": "dbt"%'] as const;

const OWN = /^\/\* \{"app": "(?:openmetadata"|dbt")/i;

/** Whether a statement begins with one of these comments. */
export function isOwnStatement(text: string): boolean {
  return OWN.test(text);
}

/** LIKE patterns of texts that have these words in this order: `create select, merge` has two. */
export function wordPatterns(words: string): string[] {
  return words.split(/,\s+/).map((each) => `%${each.replaceAll(' ', '%')}%`);
}
