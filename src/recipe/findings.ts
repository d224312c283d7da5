import { RecipeError, type RecipeProblem } from '../errors/index.js';
import { redact, redactorApart, registerSecret, withoutSecretLooks } from '../secrets/index.js';
import { dotted, pointer, type RecipePath } from './recipe-path.js';

/** With more, the first would scroll away. */
const MOST_PROBLEMS = 20;
const MOST_KEPT = 200;
/** Secrets in plain text; a recipe has a handful, of a few KiB. */
const MOST_SECRETS = 100;
const LONGEST_SECRET = 64 * 1024;

/** Collects problems and warnings of one recipe; knows the lines. */
export class Findings {
  readonly #problems: RecipeProblem[] = [];
  readonly #warnings: string[] = [];
  /** Secrets of a recipe that is refused: they are none of the process's. */
  readonly #hidden = redactorApart();
  readonly #places = new Set<string>();
  readonly #secrets = new Set<string>();
  #left = 0;

  constructor(
    readonly origin: string,
    private readonly lineOf: (path: RecipePath) => number | undefined,
    /** JSON pointer of a key that was moved → where it is in the recipe. */
    private readonly movedFrom: ReadonlyMap<string, RecipePath>
  ) {}

  /** Masks this value in what is said of this recipe, before and after. */
  hide(value: string): void {
    this.#hidden.register(value);
  }

  /** Where a value is in the recipe as written. */
  written(path: RecipePath): RecipePath {
    return this.movedFrom.get(pointer(path)) ?? path;
  }

  /**
   * Makes a secret in plain text be masked from now on.
   * @param refused the recipe is: masked in what is said of it alone
   * @throws RecipeError for more of them, or a longer one, than any recipe has: each is looked for in every message
   */
  secret(path: RecipePath, value: string, refused = false): void {
    if (value.length > LONGEST_SECRET) {
      const size = `${value.length} characters, ${LONGEST_SECRET} at most`;
      throw this.#only(path, `is a secret too long to be one (${size}). Write a reference: file:/absolute/path.`);
    }
    if (!this.#secrets.has(value) && this.#secrets.size === MOST_SECRETS) {
      const most = `is one more secret in plain text than the ${MOST_SECRETS} that a recipe may have.`;
      throw this.#only(path, `${most} Write references, or give what isn't secret keys that don't name secrets.`);
    }
    this.#secrets.add(value);
    if (refused) this.hide(value);
    else registerSecret(value);
  }

  problem(path: RecipePath, message: string): void {
    this.#places.add(pointer(path));
    // limits text that is nothing but faults: finding each line takes a search
    if (this.#problems.length === MOST_KEPT) {
      this.#left += 1;
      return;
    }
    this.#problems.push(this.#placed(path, message));
  }

  #placed(path: RecipePath, message: string): RecipeProblem {
    const written = this.written(path);
    const line = this.lineOf(written);
    return {
      path: withoutSecretLooks(dotted(written)),
      message: shown(message),
      ...(line === undefined ? {} : { line }),
    };
  }

  /** Ends the reading; the many problems of what came before would hide it. */
  #only(path: RecipePath, message: string): RecipeError {
    return new RecipeError([this.#placed(path, message)], this.origin);
  }

  /** True when a problem was already found at `path`: a second message would only repeat the first. */
  has(path: RecipePath): boolean {
    return this.#places.has(pointer(path));
  }

  warning(path: RecipePath, message: string): void {
    const written = this.written(path);
    const line = this.lineOf(written);
    this.#warnings.push(
      `${this.origin}${line === undefined ? '' : `:${line}`}: ${withoutSecretLooks(dotted(written))}: ${shown(message)}`
    );
  }

  get warnings(): readonly string[] {
    return this.#warnings;
  }

  get any(): boolean {
    return this.#problems.length > 0;
  }

  /** All problems in the order of their lines, at most 20 of them. */
  error(): RecipeError {
    const inOrder = [...this.#problems].sort((one, other) => (one.line ?? 0) - (other.line ?? 0));
    const left = inOrder.length + this.#left - MOST_PROBLEMS;
    const first = inOrder.slice(0, MOST_PROBLEMS);
    if (left > 0) first.push({ path: '', message: `and ${left} more.` });
    const hidden = first.map((problem) => ({
      ...problem,
      path: this.#hidden.redact(problem.path),
      message: this.#hidden.redact(problem.message),
    }));
    return new RecipeError(hidden, this.origin);
  }
}

function shown(message: string): string {
  return redact(withoutSecretLooks(message));
}
