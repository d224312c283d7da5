import type { Connections } from '../../run-context/index.js';
import type { ProfiledTableRecord } from '../../openmetadata/index.js';
import type { CheckedRecipe, Recipe } from '../../recipe/index.js';
import type { CheckResult, SourceContext } from '../../sources/index.js';
import type { FilterWay } from './filter-way.js';

/** A recipe file that was read and checked here. */
export type CheckedFile<R extends Recipe = Recipe> = CheckedRecipe<R> & { readonly file: string };

/** What `om-ingest check` and `plan` do for recipes of a kind. */
export interface KindCommands<R extends Recipe> {
  /**
   * Tries what a run of the recipe needs of its sources; OpenMetadata has been looked at. @throws what opening a source
   * throws
   */
  check(checked: CheckedFile<R>, connections: Connections, context: SourceContext): AsyncIterable<CheckResult>;
  /**
   * By which of the recipe's filters an entity goes; absent for kinds that filter none.
   * @param names below the service, as the source has them
   * @param table as the catalog has it, of kinds that filter by what stands there
   */
  ways?(recipe: R, names: readonly string[], table?: ProfiledTableRecord): Promise<readonly FilterWay[]>;
  /**
   * Works out, from this process, what a run now would change. Writes nothing to OpenMetadata and starts nothing.
   * @throws RecipeError for a kind without a plan; AuthenticationError, PermanentError, TransientError of either end
   */
  plan(checked: CheckedFile<R>, options: PlanOptions): Promise<RecipePlan>;
}

export interface PlanOptions {
  /** Names kept of each list; everything is counted. Default: 20. */
  readonly limit?: number;
  /** Shows the statements that read rows, where the kind has such. Default: false. */
  readonly sql?: boolean;
  /** Ends it early. */
  readonly signal?: AbortSignal;
  readonly onUnit?: (done: number, units: number) => void;
  readonly onWarning?: (message: string) => void;
}

export interface RecipePlan {
  /** What `--json` prints. */
  readonly data: object;
  /** For people. */
  readonly text: string;
  /** Something of the source could not be read. */
  readonly incomplete: boolean;
}
