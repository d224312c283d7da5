/** Blanks, also those that are written as escapes, brackets, `;`, comments and labels. */
const LEADING = String.raw`^(?:[\s(;]|\\[nrt]|--(?:(?!\\n)[^\n])*(?:\n|\\n|$)|/\*(?:(?!\*/)[\s\S])*\*/|<<\w+>>)*`;
const WORDS =
  'insert|replace|create|alter|drop|merge|update|with|select|copy|truncate|delete|begin|declare|call|rename|load';
/** These begin sentences as well. */
const COMMON_WORDS =
  'set|if|use|while|for|exec|execute|print|values|table|undrop|restore|from|export|bulk|open|waitfor|reconfigure|' +
  'refresh|unload|cache|exchange|flashback|explain|do';
/** These name no tables that count. */
const SIDE_WORDS =
  'raiserror|throw|return|goto|grant|revoke|deny|dbcc|disable|enable|backup|kill|commit|rollback|save|uncache|analyze|' +
  'optimize|vacuum|lock|comment|purge|reindex|cluster|msck';
const BEHIND = '[\\s*("\'`/@;[\\\\-]';

const STATEMENT = new RegExp(`${LEADING}(?:${WORDS})${BEHIND}`, 'i');
const OF_TABLES = new RegExp(`${LEADING}(?:${WORDS}|${COMMON_WORDS})${BEHIND}`, 'i');
const RUN_STATEMENT = new RegExp(`${LEADING}(?:${WORDS}|${COMMON_WORDS}|${SIDE_WORDS})${BEHIND}`, 'i');

/** True for a string that can hardly be anything but SQL, wherever it stands. */
export function isStatement(text: string): boolean {
  return STATEMENT.test(text);
}

/** Any word, a name, too: T-SQL runs the procedure that a text begins with. Declarations begin with `@`. */
const RUN_TEXT = new RegExp(`${LEADING}[a-z_"\`[]`, 'i');

/** True for a string that is SQL where any string of a text may be the one that is run. */
export function isRunStatement(text: string): boolean {
  return RUN_STATEMENT.test(text);
}

/** True for what is run as SQL for certain, if it has any. */
export function isRunText(text: string): boolean {
  return RUN_TEXT.test(text);
}

/** Statements whose first words are those of tables' statements, and which change no rows. */
const SIDE_STATEMENT = new RegExp(
  `${LEADING}(?:(?:create|alter|drop)\\s+(?:(?:or\\s+replace|unique|clustered|nonclustered|bitmap)\\s+)*` +
    '(?:login|user|role|group|database|schema|warehouse|index|sequence|server|credential|certificate|extension|' +
    'tablespace|statistics|profile|policy)|restore\\s+(?:database|log)|update\\s+statistics|' +
    'use\\s+(?:secondary\\s+)?(?:role|warehouse)|set\\s+\\w)',
  'i'
);

/** True for a text that runs with a statement or a procedure first that names no table. */
export function isSideText(text: string): boolean {
  return !OF_TABLES.test(text) || SIDE_STATEMENT.test(text);
}
