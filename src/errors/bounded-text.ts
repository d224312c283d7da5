import { beginning } from '../contract/beginning.js';

/** `text`, cut to `most` characters; a longer one says how long it was. */
export function boundedText(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${beginning(text, most)}… (${text.length} characters in all)`;
}
