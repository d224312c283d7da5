import type { Json, JsonObject } from '../json-value.js';
import { filledText, listOf, numberOf, objectOf, objectsOf, textOf } from '../json-value.js';
import { uniqueLabels } from './check-labels.js';

/** Who puts, and how far a bot may go. */
export interface PutRules {
  readonly bot: boolean;
  /** Lets a bot replace what people have written. */
  readonly overrideMetadata: boolean;
}

type Changes = Record<string, Json | undefined>;

/**
 * The document after a PUT on an entity that exists: what the request says, except for what a PUT keeps or merges.
 * `keptKeys` are other keys that stay when the request leaves them out.
 */
export function mergePut(
  stored: JsonObject,
  fresh: JsonObject,
  rules: PutRules,
  keptKeys: readonly string[] = []
): JsonObject {
  const changes: Changes = {};
  for (const key of ['extension', 'lifeCycle', ...keptKeys]) {
    if (fresh[key] === undefined && stored[key] !== undefined) changes[key] = stored[key];
  }
  if (keepsText(rules)) keepTexts(stored, changes);
  if (keepsOwners(stored, fresh, rules)) changes['owners'] = stored['owners'];
  const tags = uniteTags(stored['tags'], fresh['tags']);
  if (tags !== undefined) changes['tags'] = tags;
  if (stored['lifeCycle'] !== undefined && fresh['lifeCycle'] !== undefined) {
    changes['lifeCycle'] = laterLifeCycle(objectOf(stored['lifeCycle']) ?? {}, objectOf(fresh['lifeCycle']) ?? {});
  }
  if (fresh['columns'] !== undefined && stored['columns'] !== undefined) {
    changes['columns'] = mergeColumns(stored['columns'], fresh['columns'], rules);
  }
  return { ...fresh, ...changes };
}

function keepsText(rules: PutRules): boolean {
  return rules.bot && !rules.overrideMetadata;
}

function keepTexts(stored: JsonObject, changes: Changes): void {
  for (const key of ['description', 'displayName']) {
    const text = filledText(stored[key]);
    if (text !== undefined) changes[key] = text;
  }
}

/** Owners always stay if left out; a bot can't replace them without overrideMetadata. */
function keepsOwners(stored: JsonObject, fresh: JsonObject, rules: PutRules): boolean {
  if (listOf(stored['owners']).length === 0) return false;
  return listOf(fresh['owners']).length === 0 || keepsText(rules);
}

/** The stored labels, then the new ones. */
function uniteTags(stored: Json | undefined, fresh: Json | undefined): JsonObject[] | undefined {
  if (stored === undefined) return undefined;
  return uniqueLabels([...objectsOf(stored), ...objectsOf(fresh)]);
}

/** Columns as the request has them; what people wrote on a column of the same name is kept. */
function mergeColumns(stored: Json, fresh: Json, rules: PutRules): JsonObject[] {
  const known = new Map(objectsOf(stored).map((column) => [textOf(column['name']), column]));
  return objectsOf(fresh).map((column) => {
    const before = known.get(textOf(column['name']));
    return before === undefined ? column : mergeColumn(before, column, rules);
  });
}

function mergeColumn(stored: JsonObject, fresh: JsonObject, rules: PutRules): JsonObject {
  const changes: Changes = {};
  for (const key of ['extension', 'customMetrics', 'profile']) {
    if (fresh[key] === undefined && stored[key] !== undefined) changes[key] = stored[key];
  }
  const description = filledText(stored['description']);
  const replaced = rules.overrideMetadata && filledText(fresh['description']) !== undefined;
  if (rules.bot && description !== undefined && !replaced) changes['description'] = description;
  const displayName = filledText(stored['displayName']);
  if (rules.bot && displayName !== undefined) changes['displayName'] = displayName;
  const tags = uniteTags(stored['tags'], fresh['tags']);
  if (tags !== undefined) changes['tags'] = tags;
  if (fresh['children'] !== undefined && stored['children'] !== undefined) {
    changes['children'] = mergeColumns(stored['children'], fresh['children'], rules);
  }
  return { ...fresh, ...changes };
}

/** Of each of created, updated, accessed the later one. */
export function laterLifeCycle(stored: JsonObject, fresh: JsonObject): JsonObject {
  const merged: Record<string, Json> = {};
  for (const key of ['created', 'updated', 'accessed']) {
    const before = objectOf(stored[key]);
    const now = objectOf(fresh[key]);
    const later = timeOf(now) >= timeOf(before) ? (now ?? before) : before;
    if (later !== undefined) merged[key] = later;
  }
  return merged;
}

function timeOf(access: JsonObject | undefined): number {
  return numberOf(access?.['timestamp']) ?? Number.NEGATIVE_INFINITY;
}
