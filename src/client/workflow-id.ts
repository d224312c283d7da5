import { createHash } from 'node:crypto';
import { basename, parse } from 'node:path';
import { KIND_MODELS, type Recipe } from '../recipe/index.js';

/** Keys of serviceConnection.config that decide which part of a source is read. */
const CONNECTION_SELECTION = ['database', 'databaseName', 'databaseSchema'];
const FILTER_SUFFIX = 'FilterPattern';

/**
 * The id under which a recipe runs: `om-<ingestionPipelineFQN>`, else `om-<service>-<kind>-<8 hex>`, the hex digits
 * being a hash of what the recipe selects. Two recipes of one service only run side by side if they select different
 * things.
 */
export function workflowIdOf(recipe: Recipe): string {
  if (recipe.ingestionPipelineFQN !== undefined) return `om-${recipe.ingestionPipelineFQN}`;
  const { serviceName, serviceConnection, sourceConfig } = recipe.source;
  const { selects } = KIND_MODELS[recipe.kind];
  const selection = {
    ...pick(serviceConnection?.config, (key) => CONNECTION_SELECTION.includes(key)),
    ...pick(sourceConfig.config, (key) => key.endsWith(FILTER_SUFFIX) || selects.includes(key)),
  };
  const hash = createHash('sha256').update(JSON.stringify(selection)).digest('hex').slice(0, 8);
  return `om-${serviceName}-${recipe.kind}-${hash}`;
}

/** The id of a run of a recipe that can't be read here: `om-<folder>-<file name without its extension>`. */
export function workflowIdOfPath(recipePath: string): string {
  const { dir, name } = parse(recipePath);
  const folder = basename(dir);
  return ['om', folder, name].filter((part) => part !== '' && part !== '.').join('-');
}

function pick(value: object | undefined, wanted: (key: string) => boolean): Record<string, unknown> {
  const entries = Object.entries(value ?? {}).filter(([key, each]) => wanted(key) && each !== undefined);
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}
