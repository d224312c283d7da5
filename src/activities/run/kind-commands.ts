import type { Connections } from '../../run-context/index.js';
import type { ProfiledTableRecord } from '../../openmetadata/index.js';
import type { CheckedRecipe, Recipe } from '../../recipe/index.js';
import type { StateStore } from '../../staging/index.js';
import type { CheckResult, SourceContext } from '../../sources/index.js';
import type { FilterWay } from './filter-way.js';

/** A recipe file that was read and checked in this process. */
export type CheckedFile<R extends Recipe = Recipe> = CheckedRecipe<R> & { readonly file: string };

/** What `om-ingest check` and `plan` do for recipes of a kind. */
export interface KindCommands<R extends Recipe> {
  /**
   * Tries what a run of the recipe needs from its sources; OpenMetadata has been checked already. @throws what opening
   * a source throws
   */
  check(checked: CheckedFile<R>, connections: Connections, context: SourceContext): AsyncIterable<CheckResult>;
  /**
   * Which of the recipe's filters apply to an entity; absent for kinds that filter nothing.
   * @param names below the service, as the source has them
   * @param table as the catalog has it, for kinds whose filters look at that
   */
  ways?(recipe: R, names: readonly string[], table?: ProfiledTableRecord): Promise<readonly FilterWay[]>;
  /**
   * Works out, in this process, what a run would change now. Writes nothing to OpenMetadata and starts nothing.
   * @throws RecipeError for a kind without a plan; AuthenticationError, PermanentError, TransientError of either end
   */
  plan(checked: CheckedFile<R>, options: PlanOptions): Promise<RecipePlan>;
}

export interface PlanOptions {
  /** How many names of each list are kept; all are counted. Default: 20. */
  readonly limit?: number;
  /** Shows the statements that read rows, for kinds that have them. Default: false. */
  readonly sql?: boolean;
  /** What outlives runs, where the workers' staging store is at hand. */
  readonly state?: StateStore | undefined;
  /** Ends it early. */
  readonly signal?: AbortSignal;
  readonly onUnit?: (done: number, units: number) => void;
  readonly onWarning?: (message: string) => void;
}

export interface RecipePlan {
  /** What `--json` prints. */
  readonly data: object;
  /** For people to read. */
  readonly text: string;
  /** Something in the source could not be read. */
  readonly incomplete: boolean;
}
