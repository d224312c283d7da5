/**
 * The beginning of a text in memory of its own: a slice would keep all of the text alive, which may be megabytes for
 * each session that is remembered.
 */
export function cutText(text: string, length: number): string {
  return text.length <= length ? text : Buffer.from(text.slice(0, length)).toString();
}
