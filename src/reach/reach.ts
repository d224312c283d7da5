import { AsyncLocalStorage } from 'node:async_hooks';
import type { AllowedNames } from './allowed-names.js';

/** What a recipe sent inline may reach on a worker; what is absent isn't limited. */
export interface Reach {
  /** False: only recipes in the operator's folder are accepted. */
  readonly inline?: boolean;
  /** Absolute folders: only files below these are read. */
  readonly folders?: readonly string[];
  /** Environment variables it may name. */
  readonly variables?: AllowedNames;
  /** Hosts it may name. */
  readonly hosts?: AllowedNames;
  /** Ids in a secret manager (`secret:id`) that it may name, also by way of a connection that it leads to. */
  readonly secrets?: AllowedNames;
}

const EVERYTHING: Reach = {};
const reaches = new AsyncLocalStorage<{ current: Reach }>();

/**
 * Runs a stage's body so that everything it reads is limited to `reach`, until it is known that the recipe is the
 * operator's own (`trustRecipe`). Outside a stage (commands, your own code) nothing is limited.
 */
export function withReach<T>(reach: Reach, body: () => Promise<T>): Promise<T> {
  return reaches.run({ current: reach }, body);
}

/**
 * A recipe in the operator's folder may name any file, variable and host. Applies to the stage that is running here.
 */
export function trustRecipe(): void {
  const held = reaches.getStore();
  if (held !== undefined) held.current = EVERYTHING;
}

export function currentReach(): Reach {
  return reaches.getStore()?.current ?? EVERYTHING;
}
