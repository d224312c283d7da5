import { AsyncLocalStorage } from 'node:async_hooks';
import type { AllowedNames } from './allowed-names.js';

/** What a recipe that somebody sent may reach on a worker; what is absent is not limited. */
export interface Reach {
  /** False: no recipe is taken but those in the operator's folder. */
  readonly inline?: boolean;
  /** Absolute folders: files are read below these only. */
  readonly folders?: readonly string[];
  /** Environment variables it may name. */
  readonly variables?: AllowedNames;
  /** Hosts it may name. */
  readonly hosts?: AllowedNames;
  /** Ids in a secret manager (`secret:id`) that it may name, and that a connection may which it leads to. */
  readonly secrets?: AllowedNames;
}

const EVERYTHING: Reach = {};
const reaches = new AsyncLocalStorage<{ current: Reach }>();

/**
 * Runs a stage's body so that whatever it reads holds to `reach`, until it is known that the recipe is the operator's
 * own (`trustRecipe`). Outside of one (commands, code of one's own) nothing is limited.
 */
export function withReach<T>(reach: Reach, body: () => Promise<T>): Promise<T> {
  return reaches.run({ current: reach }, body);
}

/**
 * What stands in the operator's folder may name any file, variable and host. Holds for the stage that is running here.
 */
export function trustRecipe(): void {
  const held = reaches.getStore();
  if (held !== undefined) held.current = EVERYTHING;
}

export function currentReach(): Reach {
  return reaches.getStore()?.current ?? EVERYTHING;
}
