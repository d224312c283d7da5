import { ownCopy } from './own-copy.js';

/** The beginning of a text, which doesn't keep the rest of it in memory. */
export function cutText(text: string, length: number): string {
  return text.length <= length ? text : ownCopy(text.slice(0, length));
}
