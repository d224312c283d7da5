import { LRUCache } from 'lru-cache';

/** How a name may continue as an FQN: `.schema`, `."a.b"`. */
const BELOW = String.raw`(?:\.(?:"[^"\n]{1,256}"|[\w$-]+))*`;

/** A stretch of a text, from its first character to after its last. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** Names that a recipe or a run itself gives: not secret, even if a short password happens to be part of them. */
export class KnownNames {
  readonly #names: LRUCache<string, true>;
  #matcher: RegExp | undefined;

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
    if (name === '') return;
    const known = this.#names.has(name);
    this.#names.set(name, true);
    if (known) return;
    this.#matcher = undefined;
  }

  /** Where these names occur in a text as whole words, with what follows them as an FQN. */
  spansIn(text: string): readonly Span[] {
    if (this.#names.size === 0) return [];
    this.#matcher ??= this.#buildMatcher();
    return [...text.matchAll(this.#matcher)].map(({ 0: found, index }) => ({ from: index, to: index + found.length }));
  }

  #buildMatcher(): RegExp {
    const longestFirst = [...this.#names.keys()].sort((one, other) => other.length - one.length);
    return new RegExp(`(?<!\\w)(?:${longestFirst.map(literally).join('|')})(?!\\w)${this.below}`, this.flags);
  }
}

/** A pattern that only matches this text. */
export function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
