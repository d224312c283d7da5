import { RecipeError } from '../errors/index.js';
import type { Secret } from './secret.js';

/** What a reference is resolved against. */
export interface ResolveContext {
  /** The recipe file that `recipe:/…` points into, as this run checked it. */
  readonly recipe?: { readonly file: string; readonly sha256: string };
  /** Values of `memory:/…` by pointer (`/source/…`); only runs inside the calling process have them. */
  readonly memory?: ReadonlyMap<string, string>;
  /**
   * Reads the secret of `secret:…` by its id from the manager that the recipe names; absent if no recipe names one.
   * `kept`: such references are left alone.
   */
  readonly managed?: ((id: string) => Promise<Secret>) | 'kept';
  /** Called for each reference that was resolved. */
  readonly onResolved?: (reference: string, secret: Secret) => void;
  /** Environment of `${VAR}`; process.env when absent. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Resolves one form of reference. */
export interface SecretSource {
  /** What the reference starts with: `recipe:`, `${`. */
  readonly scheme: string;
  /** Throws a RecipeError naming the reference, never a value. */
  resolve(reference: string, context: ResolveContext): Promise<Secret>;
}

/** A reference that can't be resolved. The caller, who knows the path of its key, adds that. */
export function unresolved(message: string): RecipeError {
  return new RecipeError([{ path: '', message }], 'recipe');
}
