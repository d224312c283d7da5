import { LRUCache } from 'lru-cache';
import { beginning } from '../errors/index.js';
import { folded, FormSearch } from './form-search.js';
import { KnownNames } from './known-names.js';
import { secretForms } from './secret-forms.js';

const MASK = '***';
/** Shorter values would mask ordinary words. */
const SHORTEST = 4;
/** Secrets remembered; a run has a handful. */
const MOST = 1000;
/** From this length on a secret is masked wherever it occurs: no name contains it by chance. */
const NO_CHANCE = 16;

/** Masks values that were registered before. */
export class Redactor {
  readonly #registered: LRUCache<string, ReadonlySet<string>>;
  readonly #names: KnownNames;
  /** Words of this program's own, `Snowflake`: kept whole, unless a secret is such a word. */
  readonly #words: KnownNames;
  readonly #search = new FormSearch();

  /**
   * @param most values kept; after that the oldest is forgotten.
   * @param other whose names and words it keeps whole, now and later
   */
  constructor(most: number, other?: Redactor) {
    this.#registered = new LRUCache({
      max: most,
      dispose: (forms) => {
        for (const form of forms) this.#search.delete(form);
      },
      noDisposeOnSet: true,
    });
    this.#names = other === undefined ? new KnownNames(most) : other.#names;
    this.#words = other === undefined ? new KnownNames(most, '', 'gi') : other.#words;
  }

  protect(name: string): void {
    this.#names.add(name);
  }

  protectWord(word: string): void {
    this.#words.add(word);
  }

  register(value: string): void {
    if (value.length < SHORTEST) return;
    const known = this.#registered.get(value);
    const forms = known ?? secretForms(value);
    this.#registered.set(value, forms);
    if (known === undefined) for (const form of forms) this.#search.add(form);
  }

  forget(value: string): void {
    this.#registered.delete(value);
  }

  redact(text: string): string {
    if (this.#registered.size === 0) return text;
    // servers fold what they quote
    const searched = folded(text);
    const isKept = this.#keeper(text);
    const parts: string[] = [];
    let after = 0;
    for (let at = 0; at < searched.length;) {
      // if one secret contains another, the longer one is masked whole
      const length = this.#search.lengthAt(searched, at);
      if (length > 0 && !isKept(at, at + length)) {
        parts.push(text.slice(after, at), MASK);
        after = at + length;
      }
      at += Math.max(1, length);
    }
    return after === 0 ? text : parts.join('') + text.slice(after);
  }

  /** Whether a stretch of this text is a part of a name by chance. */
  #keeper(text: string): (from: number, to: number) => boolean {
    let names: ReturnType<KnownNames['spansIn']> | undefined;
    let words: ReturnType<KnownNames['spansIn']> | undefined;
    return (from, to) => {
      if (to - from >= NO_CHANCE) return false;
      names ??= this.#names.spansIn(text);
      if (names.some((name) => name.from <= from && to <= name.to)) return true;
      words ??= this.#words.spansIn(text);
      return words.some((word) => word.from <= from && to <= word.to && to - from < word.to - word.from);
    };
  }
}

const redactor = new Redactor(MOST);

/**
 * Makes `redact` mask this value from now on. Values shorter than 4 characters are not registered. The last 1,000
 * values are kept; registering a value again renews it.
 */
export function registerSecret(value: string): void {
  redactor.register(value);
}

/** Masks values of its own, as `redact` would, without that they take the place of those of others. */
export function redactorApart(): Redactor {
  return new Redactor(MOST, redactor);
}

/** Removes a registered value: it turned out not to be a secret. */
export function forgetSecret(value: string): void {
  redactor.forget(value);
}

/**
 * Keeps these names unmasked from now on, and FQNs that begin with them, even if a short secret is part of them: names
 * that a recipe or a run itself gives. The last 1,000 are kept.
 */
export function protectNames(names: Iterable<string>): void {
  for (const name of names) redactor.protect(name);
}

/**
 * Keeps these words of the program's own messages unmasked, even if a short secret is part of them; a secret that is
 * such a word is masked.
 */
export function protectWords(words: Iterable<string>): void {
  for (const word of words) redactor.protectWord(word);
}

/**
 * Free text with every registered value replaced by `***`, also in its URL-encoded, base64 and JSON-escaped forms and
 * in any case. Documents are redacted by `redactValues`.
 */
export function redact(text: string): string {
  return redactor.redact(text);
}

/**
 * Redacts, then cuts to `most` characters with an ellipsis, in this order, so that no secret is cut in half and missed.
 */
export function redactAndCut(text: string, most: number): string {
  const masked = redact(text);
  return masked.length <= most ? masked : `${beginning(masked, Math.max(0, most - 1))}…`;
}
