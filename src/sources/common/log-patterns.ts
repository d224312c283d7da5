/**
 * What lineage leaves out: LIKE patterns of texts that begin with the comment of an ingestion (this program's and
 * others') or of dbt. What dbt marks at the end, as it does on Snowflake, stays: dbt's own models make no lineage here.
 */
export const OWN_COMMENTS = ['/* {"app": "openmetadata"%', '/* {"app": "dbt"%'] as const;

const HEAD_COMMENT = /^\/\* \{"app": "(?:openmetadata"|dbt")/i;

/** Whether a statement begins with one of these comments. */
export function hasOwnHead(text: string): boolean {
  return HEAD_COMMENT.test(text);
}

const COMMENT = '/[*] ?[{] ?"app": ?"(openmetadata|dbt)"';
/**
 * What usage leaves out, in the words of every engine's regular expressions (nothing escaped): the comment at the
 * text's beginning, also as a line of `--`, or at its end, where dbt puts it on Snowflake, which drops comments at the
 * beginning. Without regard to case; neither is anchored.
 */
export const OWN_USE = {
  head: `[ \t\r\n;-]*${COMMENT}`,
  end: `${COMMENT}[^*]*([*]+[^*/][^*]*)*[*]+/[ \t\r\n;]*`,
} as const;

const [HEAD, END] = [new RegExp(`^${OWN_USE.head}`, 'i'), new RegExp(`^${OWN_USE.end}$`, 'i')];

/** Whether a statement is one of an ingestion or of dbt, whose reading is no use of a table. */
export function isOwnUse(text: string): boolean {
  return HEAD.test(text) || END.test(text.slice(text.lastIndexOf('/*')));
}

/** LIKE patterns of texts that have these words in this order: `create select, merge` has two. */
export function wordPatterns(words: string): string[] {
  return words.split(/,\s+/).map((each) => `%${each.replaceAll(' ', '%')}%`);
}
