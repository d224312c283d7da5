import { RecipeError, type RecipeProblem } from '../errors/index.js';
import { redact } from '../secrets/index.js';
import { dotted, pointer, type RecipePath } from './recipe-path.js';

/** With more, the first would scroll away. */
const MOST_PROBLEMS = 20;
const MOST_KEPT = 200;

/** Collects problems and warnings of one recipe; knows the lines. */
export class Findings {
  readonly #problems: RecipeProblem[] = [];
  readonly #warnings: string[] = [];
  readonly #places = new Set<string>();
  #left = 0;

  constructor(
    readonly origin: string,
    private readonly lineOf: (path: RecipePath) => number | undefined,
    /** JSON pointer of a key that was moved → where it is in the recipe. */
    private readonly movedFrom: ReadonlyMap<string, RecipePath>
  ) {}

  /** Where a value is in the recipe as written. */
  written(path: RecipePath): RecipePath {
    return this.movedFrom.get(pointer(path)) ?? path;
  }

  problem(path: RecipePath, message: string): void {
    this.#places.add(pointer(path));
    // limits text that is nothing but faults: finding each line takes a search
    if (this.#problems.length === MOST_KEPT) {
      this.#left += 1;
      return;
    }
    const written = this.written(path);
    const line = this.lineOf(written);
    this.#problems.push({ path: dotted(written), message: redact(message), ...(line === undefined ? {} : { line }) });
  }

  /** True when a problem was already found at `path`: a second message would only repeat the first. */
  has(path: RecipePath): boolean {
    return this.#places.has(pointer(path));
  }

  warning(path: RecipePath, message: string): void {
    const written = this.written(path);
    const line = this.lineOf(written);
    this.#warnings.push(
      `${this.origin}${line === undefined ? '' : `:${line}`}: ${dotted(written)}: ${redact(message)}`
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
    const shown = inOrder.slice(0, MOST_PROBLEMS);
    if (left > 0) shown.push({ path: '', message: `and ${left} more.` });
    return new RecipeError(shown, this.origin);
  }
}
