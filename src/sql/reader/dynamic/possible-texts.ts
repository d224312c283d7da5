import { PIECE } from './piece.js';

/** Around the texts of which one stands there, and between them. */
const [OPEN, OR, CLOSE] = ['\uE000', '\uE001', '\uE002'] as const;
/** What no value is: nothing that it is joined with runs. */
export const NO_VALUE = '\uE003';
/** Of Unicode's private use: SQL that has them has them in values. */
const MARKS = /[\uE000-\uE003]/g;

/** Of more of them, or of longer ones, only what they begin with is known. */
const MOST_TEXTS = 12;
const MOST_CHARACTERS = 200_000;
/** So many texts are read in the place of one. */
const MOST_READ = 20;

/** In front of it a name has ended. */
const ENDS_NAME = /^(?:[\s;,()]|$)/;
/** Without others in them. */
const INNERMOST = /(^|.)\uE000([^\uE000\uE002]*)\uE002/gs;

/** A text of SQL, without the marks. */
export function unmarked(text: string): string {
  return text.replace(MARKS, ' ');
}

/** One of these: what they begin with is kept as it is. */
export function anyOf(texts: readonly string[]): string {
  const all = [...new Set(texts)];
  const [first] = all;
  if (first === undefined) return PIECE;
  if (all.length === 1) return first;
  const start = commonStart(all);
  const rests = all.map((text) => text.slice(start.length));
  const characters = rests.reduce((sum, { length }) => sum + length, 0);
  const choice = `${OPEN}${rests.join(OR)}${CLOSE}`;
  return start + (all.length > MOST_TEXTS || characters > MOST_CHARACTERS ? blurred(choice) : choice);
}

function commonStart(texts: readonly string[]): string {
  const shortest = texts.reduce((least, text) => (text.length < least.length ? text : least));
  // what is appended in a branch leaves the rest as it is
  if (texts.every((text) => text.startsWith(shortest))) return shortest;
  const first = texts[0] ?? '';
  let end = 0;
  let depth = 0;
  for (let at = 0; at < first.length && texts.every((text) => text[at] === first[at]); at += 1) {
    if (first[at] === OPEN) depth += 1;
    else if (first[at] === CLOSE) depth -= 1;
    if (depth === 0) end = at + 1;
  }
  return first.slice(0, end);
}

/** True where the text is one, whatever branches were taken. */
export function isOne(text: string): boolean {
  return !text.includes(OPEN) && !text.includes(NO_VALUE);
}

/** What another text is where there is no value. */
export function withDefault(text: string, other: string, noValue = NO_VALUE): string {
  if (noValue !== '') return text.replaceAll(noValue, other);
  return text.includes(OPEN) || text === '' ? anyOf(possibleTexts(text).map((each) => each || other)) : text;
}

/** What a function makes of each. */
export function eachOf(text: string, change: (one: string) => string): string {
  return isOne(text) ? change(text) : anyOf(possibleTexts(text).map(change));
}

/** With what isn't the same in all of them as a piece that is not known. */
export function blurred(text: string): string {
  let known = text;
  while (known.includes(OPEN)) {
    const before = known;
    known = known.replace(INNERMOST, (_, front: string, inner: string) => {
      const texts = inner.split(OR).filter((each) => !each.includes(NO_VALUE));
      // a name in brackets is whole
      const isApart = /[\])]/.test(front) || texts.every((each) => ENDS_NAME.test(each));
      return front + (isApart ? ` ${PIECE}` : PIECE);
    });
    if (known === before) break;
  }
  return unmarked(known);
}

/**
 * The texts that it may be, none of them with a part that has no value: all that were chosen last, all that were chosen
 * first and so on, and each of the others alone in the first of these. What no two of them differ in is certain.
 */
export function possibleTexts(text: string): readonly string[] {
  if (!text.includes(OPEN)) return text.includes(NO_VALUE) ? [] : [text];
  return [...new Set(combined(partsOf(text)))].filter((each) => !each.includes(NO_VALUE));
}

function combined(parts: readonly (readonly string[])[]): readonly string[] {
  const most = Math.max(...parts.map(({ length }) => length));
  const texts: string[] = [];
  for (let back = 1; back <= most; back += 1) texts.push(parts.map((part) => part.at(-back) ?? part[0]).join(''));
  const others = parts.reduce((sum, { length }) => sum + length - 1, 0);
  if (most + others > MOST_READ) return texts;
  for (const [at, part] of parts.entries())
    for (const other of part.slice(0, -1))
      texts.push(parts.map((each, index) => (index === at ? other : each.at(-1))).join(''));
  return texts;
}

/** What may stand in each place of a text, one behind the other. */
function partsOf(text: string): readonly (readonly string[])[] {
  const parts: string[][] = [];
  let from = 0;
  let depth = 0;
  let choice: string[] = [];
  for (let at = 0; at <= text.length; at += 1) {
    const mark = text[at];
    const isEdge = mark === undefined || (depth === 0 ? mark === OPEN : depth === 1 && (mark === OR || mark === CLOSE));
    if (isEdge) {
      const part = text.slice(from, at);
      if (depth === 0) parts.push([part]);
      else choice.push(...combined(partsOf(part)));
      from = at + 1;
      if (depth === 1 && mark === CLOSE) {
        parts.push(choice);
        choice = [];
      }
    }
    if (mark === OPEN) depth += 1;
    else if (mark === CLOSE) depth -= 1;
  }
  return parts;
}
