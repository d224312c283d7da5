/** A form that is searched for. */
interface Form {
  /** What is compared, folded. */
  readonly beginning: string;
  /** How long the whole form is, for each value that has it. */
  readonly lengths: number[];
  /** The longest other form that this one begins with. */
  within: Form | undefined;
}

/** Forms that begin alike. */
interface Bucket {
  readonly forms: Map<string, Form>;
  /** In the order of their characters; absent after a change. */
  sorted: readonly Form[] | undefined;
}

/** Of longer forms only so much is searched for; what follows is masked with it. */
const SEARCHED = 1_000;
/** Characters by which forms are told apart first. */
const KEY = 4;

/**
 * Finds which of many texts begins at a place of another text, in any case, in a time that hardly depends on how many
 * there are or how alike they begin: a pattern of all of them would try one after the other, and has a largest size.
 */
export class FormSearch {
  /** By length of the key (1 to 4), then by the key. */
  readonly #buckets = new Map<number, Map<number, Bucket>>();

  add(form: string): void {
    const beginning = folded(form.slice(0, SEARCHED));
    const { forms } = this.#changed(beginning);
    const known = forms.get(beginning);
    if (known === undefined) forms.set(beginning, { beginning, lengths: [form.length], within: undefined });
    else known.lengths.push(form.length);
  }

  /** Once for each time it was added. */
  delete(form: string): void {
    const beginning = folded(form.slice(0, SEARCHED));
    const { forms } = this.#changed(beginning);
    const lengths = forms.get(beginning)?.lengths ?? [];
    const index = lengths.indexOf(form.length);
    if (index !== -1) lengths.splice(index, 1);
    if (lengths.length === 0) forms.delete(beginning);
    if (forms.size === 0) this.#buckets.get(keyLength(beginning))?.delete(keyOf(beginning, 0, keyLength(beginning)));
  }

  /**
   * How many characters the longest form takes that begins at a place; 0 if none does. A long form that the text cuts
   * off counts as far as it goes.
   * @param text as `folded` returns it
   */
  lengthAt(text: string, at: number): number {
    for (let length = Math.min(KEY, text.length - at); length > 0; length -= 1) {
      const buckets = this.#buckets.get(length);
      const bucket = buckets === undefined || buckets.size === 0 ? undefined : buckets.get(keyOf(text, at, length));
      const form = bucket === undefined ? undefined : longestAt(text, at, sortedForms(bucket));
      if (form === undefined) continue;
      return Math.min(Math.max(...form.lengths), text.length - at);
    }
    return 0;
  }

  #changed(beginning: string): Bucket {
    const length = keyLength(beginning);
    const buckets = this.#buckets.get(length) ?? new Map<number, Bucket>();
    this.#buckets.set(length, buckets);
    const key = keyOf(beginning, 0, length);
    const bucket = buckets.get(key) ?? { forms: new Map<string, Form>(), sorted: undefined };
    buckets.set(key, bucket);
    bucket.sorted = undefined;
    return bucket;
  }
}

/** In one case, each character staying where it is: as patterns that ignore case compare them. */
export function folded(text: string): string {
  if (!/[^\0-\x7f]/.test(text)) return text.toUpperCase();
  return text.replace(/[a-z]+|[^\0-\x7f]/g, (part) => {
    const upper = part.toUpperCase();
    return upper.length === part.length && (part < '\x80' || upper >= '\x80') ? upper : part;
  });
}

function keyLength(beginning: string): number {
  return Math.min(KEY, beginning.length);
}

function keyOf(text: string, at: number, length: number): number {
  let key = 0;
  for (let index = at; index < at + length; index += 1) key = (Math.imul(key, 31) + text.charCodeAt(index)) | 0;
  return key;
}

function sortedForms(bucket: Bucket): readonly Form[] {
  if (bucket.sorted !== undefined) return bucket.sorted;
  const sorted = [...bucket.forms.values()].sort((one, other) => (one.beginning < other.beginning ? -1 : 1));
  const open: Form[] = [];
  for (const form of sorted) {
    while (open.length > 0 && !form.beginning.startsWith(open.at(-1)?.beginning ?? '')) open.pop();
    form.within = open.at(-1);
    open.push(form);
  }
  bucket.sorted = sorted;
  return sorted;
}

/** All forms that begin here are beginnings of the last one that isn't behind the text in order. */
function longestAt(text: string, at: number, sorted: readonly Form[]): Form | undefined {
  let low = 0;
  let high = sorted.length;
  let last: Form | undefined;
  let common = 0;
  while (low < high) {
    const middle = (low + high) >> 1;
    const form = sorted[middle];
    if (form === undefined) break;
    const shared = commonLength(text, at, form.beginning);
    const isBehind =
      shared < form.beginning.length && !(text.charCodeAt(at + shared) > form.beginning.charCodeAt(shared));
    if (isBehind) high = middle;
    else {
      low = middle + 1;
      last = form;
      common = shared;
    }
  }
  while (last !== undefined && last.beginning.length > common) last = last.within;
  return last;
}

function commonLength(text: string, at: number, beginning: string): number {
  let length = 0;
  while (length < beginning.length && text.charCodeAt(at + length) === beginning.charCodeAt(length)) length += 1;
  return length;
}
