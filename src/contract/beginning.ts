/**
 * At most the first `most` UTF-16 units of a text, with no character of two (an emoji) halved: half of one is no
 * Unicode text, and some servers refuse it.
 */
export function beginning(text: string, most: number): string {
  return text.slice(0, most < text.length && isFirstHalf(text.charCodeAt(most - 1)) ? most - 1 : most);
}

function isFirstHalf(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
