import { LRUCache } from 'lru-cache';
import { KnownNames, literally } from './known-names.js';
import { secretForms } from './secret-forms.js';

const MASK = '***';
/** Shorter values would mask ordinary words. */
const SHORTEST = 4;
/** Secrets remembered; a run has a handful. */
const MOST = 1000;
/** From this length on a secret is masked wherever it occurs: no name contains it by chance. */
const NO_CHANCE = 16;
/** Of longer forms only so much is searched for; what follows is masked with it. Patterns have a largest size. */
const SEARCHED = 1_000;

/** Masks values that were registered before. */
export class Redactor {
  readonly #registered: LRUCache<string, ReadonlySet<string>>;
  readonly #names: KnownNames;
  /** Words of this program's own, `Snowflake`: kept whole, unless a secret is such a word. */
  readonly #words: KnownNames;
  #matcher: RegExp | undefined;

  /** @param most values kept; after that the oldest is forgotten. */
  constructor(most: number) {
    this.#registered = new LRUCache({ max: most });
    this.#names = new KnownNames(most);
    this.#words = new KnownNames(most, '', 'gi');
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
    this.#registered.set(value, known ?? secretForms(value));
    if (known !== undefined) return;
    this.#matcher = undefined;
  }

  forget(value: string): void {
    if (this.#registered.delete(value)) this.#matcher = undefined;
  }

  redact(text: string): string {
    if (this.#registered.size === 0) return text;
    this.#matcher ??= this.#buildMatcher();
    let spans: ReturnType<KnownNames['spansIn']> | undefined;
    let words: ReturnType<KnownNames['spansIn']> | undefined;
    return text.replace(this.#matcher, (found, at: number) => {
      if (found.length >= NO_CHANCE) return MASK;
      spans ??= this.#names.spansIn(text);
      if (spans.some(({ from, to }) => from <= at && at + found.length <= to)) return found;
      words ??= this.#words.spansIn(text);
      const isPart = words.some(({ from, to }) => from <= at && at + found.length <= to && found.length < to - from);
      return isPart ? found : MASK;
    });
  }

  /** Longest first: if one secret contains another, the longer one is masked whole. */
  #buildMatcher(): RegExp {
    const forms = new Set([...this.#registered.values()].flatMap((known) => [...known]));
    const longestFirst = [...forms].sort((one, other) => other.length - one.length);
    // servers fold what they quote
    return new RegExp(longestFirst.map(patternOf).join('|'), 'gi');
  }
}

/** A long form that a text cuts off is masked as far as it goes, with what follows it. */
function patternOf(form: string): string {
  const beginning = literally(form.slice(0, SEARCHED));
  return form.length <= SEARCHED ? beginning : `${beginning}[\\s\\S]{0,${form.length - SEARCHED}}`;
}

const redactor = new Redactor(MOST);

/**
 * Makes `redact` mask this value from now on. Values shorter than 4 characters are not registered. The last 1,000
 * values are kept; registering a value again renews it.
 */
export function registerSecret(value: string): void {
  redactor.register(value);
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
  return masked.length <= most ? masked : `${masked.slice(0, Math.max(0, most - 1))}…`;
}
