import { badRequest, entityNotFound } from '../api-error.js';
import { normaliseFqn, parentOf } from '../fqn.js';
import type { JsonObject } from '../json-value.js';
import { objectsOf, omit, textOf } from '../json-value.js';
import type { EntityRow } from '../store/entity-row.js';
import type { Lookup } from '../writing/lookup.js';

/**
 * Tag labels must name tags that exist, and no two of a mutually exclusive classification.
 * @throws ApiError 404, 400
 */
export function checkLabels(labels: readonly JsonObject[], lookup: Lookup): void {
  const exclusive = new Map<string, string>();
  for (const label of labels) {
    const fqn = textOf(label['tagFQN']) ?? '';
    if (label['source'] === 'Glossary') throw entityNotFound('glossaryTerm', fqn);
    const tag = lookup.live('tag', fqn);
    if (tag === undefined) throw entityNotFound('tag', fqn);
    const parent = exclusiveParent(tag, lookup);
    if (parent === undefined) continue;
    const other = exclusive.get(parent);
    if (other !== undefined && other !== tag.fqn) {
      throw badRequest(`The tags ${other} and ${tag.fqn} exclude each other on one asset`);
    }
    exclusive.set(parent, tag.fqn);
  }
}

/** Each label once, the first of its kind. */
export function uniqueLabels(labels: readonly JsonObject[]): JsonObject[] {
  const known = new Set<string>();
  return labels.filter((label) => {
    const key = labelKey(label);
    const isNew = !known.has(key);
    known.add(key);
    return isNew;
  });
}

/** An entity or column with each of its labels once; without the key when it has none. */
export function withUniqueLabels(object: JsonObject): JsonObject {
  if (object['tags'] === undefined) return object;
  const tags = uniqueLabels(objectsOf(object['tags']));
  return tags.length === 0 ? omit(object, ['tags']) : { ...object, tags };
}

/** What makes two labels the same: the tag, not who put it there. */
export function labelKey(label: JsonObject): string {
  return `${textOf(label['source']) ?? ''} ${normaliseFqn(textOf(label['tagFQN']) ?? '')}`;
}

/** `checkLabels` for a document and, where it has them, its columns. */
export function checkDocumentLabels(document: JsonObject, lookup: Lookup): void {
  checkLabels(objectsOf(document['tags']), lookup);
  for (const column of objectsOf(document['columns'])) checkColumnLabels(column, lookup);
}

function checkColumnLabels(column: JsonObject, lookup: Lookup): void {
  if (column['tags'] !== undefined) checkLabels(objectsOf(column['tags']), lookup);
  if (column['children'] === undefined) return;
  for (const child of objectsOf(column['children'])) checkColumnLabels(child, lookup);
}

function exclusiveParent(tag: EntityRow, lookup: Lookup): string | undefined {
  const parentFqn = parentOf(normaliseFqn(tag.fqn));
  if (parentFqn === undefined) return undefined;
  const parent = lookup.live('tag', parentFqn) ?? lookup.live('classification', parentFqn);
  return parent?.document['mutuallyExclusive'] === true ? parentFqn : undefined;
}
