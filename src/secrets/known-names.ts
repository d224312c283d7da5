import { LRUCache } from 'lru-cache';

/** How a name may continue as an FQN: `.schema`, `."a.b"`. */
const BELOW = String.raw`(?:\.(?:"[^"\n]{1,256}"|[\w$-]+))*`;

/** Longer ones are no names: an FQN has four of 256 characters at most. */
const LONGEST = 1_200;
/** Of a pattern; the engine refuses those beyond its own limit. */
const MOST_PATTERN = 20_000;

/** A stretch of a text, from its first character to after its last. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** Names that a recipe or a run itself gives: not secret, even if a short password happens to be part of them. */
export class KnownNames {
  readonly #names: LRUCache<string, true>;
  #matchers: readonly RegExp[] | undefined;

  /**
   * @param most names kept; after that the oldest is forgotten.
   * @param below how a name may continue; default: as an FQN does
   * @param flags of the pattern; `gi` for names in any case
   */
  constructor(
    most: number,
    private readonly below = BELOW,
    private readonly flags = 'g'
  ) {
    this.#names = new LRUCache({ max: most });
  }

  add(name: string): void {
    if (name === '' || name.length > LONGEST) return;
    const known = this.#names.has(name);
    this.#names.set(name, true);
    if (known) return;
    this.#matchers = undefined;
  }

  /** Where these names occur in a text as whole words, with what follows them as an FQN. */
  spansIn(text: string): readonly Span[] {
    if (this.#names.size === 0) return [];
    this.#matchers ??= this.#buildMatchers();
    return this.#matchers.flatMap((matcher) =>
      [...text.matchAll(matcher)].map(({ 0: found, index }) => ({ from: index, to: index + found.length }))
    );
  }

  #buildMatchers(): readonly RegExp[] {
    const longestFirst = [...this.#names.keys()].sort((one, other) => other.length - one.length);
    return alternations(longestFirst.map(literally)).map(
      (names) => new RegExp(`(?<!\\w)(?:${names})(?!\\w)${this.below}`, this.flags)
    );
  }
}

/** A pattern that only matches this text. */
export function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** Patterns joined by `|`, in their order, into as few as the engine certainly takes. */
export function alternations(patterns: readonly string[]): string[] {
  const joined: string[] = [];
  for (const pattern of patterns) {
    const last = joined.at(-1);
    if (last === undefined || last.length + pattern.length > MOST_PATTERN) joined.push(pattern);
    else joined[joined.length - 1] = `${last}|${pattern}`;
  }
  return joined;
}
