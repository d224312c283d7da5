/** By code, where an English message has the name of a column that isn't there. */
const NAMED: Readonly<Record<string, RegExp>> = {
  ER_BAD_FIELD_ERROR: /^Unknown column '(.+)' in /s,
  '42703': /^column "?(.+?)"? does not exist$/s,
};

/** The name of the column that a statement has and its table lacks, as the server wrote it. */
export function lackedColumn(code: string | undefined, message: string): string | undefined {
  return code === undefined ? undefined : NAMED[code]?.exec(message)?.[1];
}
