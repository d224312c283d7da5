/**
 * The order in which sources list names: by Unicode code point, which is the order of their UTF-8 bytes and so of
 * `ORDER BY CAST(name AS BINARY)`. JavaScript's own `<` compares UTF-16 units and puts emoji before U+E000–U+FFFF.
 */
export function compareNames(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return liftSurrogates(a) - liftSurrogates(b);
  }
  return left.length - right.length;
}

/** Moves surrogates (which encode U+10000 and up) after every other unit. */
function liftSurrogates(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
