import type { Cursor } from './cursor.js';
import { oncePerText } from './once-per-text.js';

/** What binds less than XOR, or ends a condition. */
const ENDS: ReadonlySet<string> = new Set(
  'or , ; on where having when then else set select from join group order limit union'.split(' ')
);

/** Stretches of a token list between ends and brackets, with whether a XOR is in them, by the index of each token. */
const stretchesIn = oncePerText(stretchesOf);

/** True when what stands at `index` is a side of MySQL's XOR, or of ANDs that are. */
export function isSideOfXor(cursor: Cursor, index: number): boolean {
  if (!cursor.traits.versionedComments) return false;
  return stretchesIn(cursor)[index]?.hasXor === true;
}

/** Nothing where the text has no XOR. */
function stretchesOf({ tokens }: Cursor): readonly { hasXor: boolean }[] {
  if (!tokens.some(({ word }) => word === 'xor')) return [];
  const outer: { hasXor: boolean }[] = [];
  let stretch = { hasXor: false };
  return tokens.map(({ word }) => {
    const own = stretch;
    if (word === 'xor') stretch.hasXor = true;
    else if (word === '(') {
      outer.push(stretch);
      stretch = { hasXor: false };
    } else if (word === ')') stretch = outer.pop() ?? { hasXor: false };
    else if (ENDS.has(word)) stretch = { hasXor: false };
    return own;
  });
}
