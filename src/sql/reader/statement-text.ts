/** Blanks, also those that are written as escapes, brackets, `;`, comments and labels. */
const LEADING = String.raw`^(?:[\s(;]|\\[nrt]|--(?:(?!\\n)[^\n])*(?:\n|\\n|$)|/\*(?:(?!\*/)[\s\S])*\*/|<<\w+>>)*`;
const WORDS =
  'insert|replace|create|alter|drop|merge|update|with|select|copy|truncate|delete|begin|declare|call|rename|load';
/** These begin sentences as well. */
const COMMON_WORDS =
  'set|if|use|while|for|exec|execute|print|values|table|undrop|restore|from|export|bulk|open|waitfor|reconfigure';
const BEHIND = '[\\s*("\'`/@;[\\\\-]';

const STATEMENT = new RegExp(`${LEADING}(?:${WORDS})${BEHIND}`, 'i');
const RUN_STATEMENT = new RegExp(`${LEADING}(?:${WORDS}|${COMMON_WORDS})${BEHIND}`, 'i');

/** True for a string that can hardly be anything but SQL, wherever it stands. */
export function isStatement(text: string): boolean {
  return STATEMENT.test(text);
}

/** True for a string that is SQL where a string is run as SQL. */
export function isRunStatement(text: string): boolean {
  return RUN_STATEMENT.test(text);
}
