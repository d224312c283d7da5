import { badRequest, entityNotFound } from '../api-error.js';
import { normaliseFqn, parentOf } from '../fqn.js';
import type { JsonObject } from '../json-value.js';
import { objectsOf, omit, textOf } from '../json-value.js';
import type { EntityRow } from '../store/entity-row.js';
import type { Lookup } from '../writing/lookup.js';

/**
 * Tag labels must name tags that exist, and no two from a mutually exclusive classification. A label in `stored` was
 * checked before: it may stay even if its tag is gone.
 * @throws ApiError 404, 400
 */
function checkLabels(labels: readonly JsonObject[], stored: ReadonlySet<string>, lookup: Lookup): void {
  const exclusive = new Map<string, string>();
  for (const label of labels) {
    const tag = tagOf(label, stored, lookup);
    const parent = tag === undefined ? undefined : exclusiveParent(tag, lookup);
    if (tag === undefined || parent === undefined) continue;
    const other = exclusive.get(parent);
    if (other !== undefined) throw badRequest(`The tags ${other} and ${tag.fqn} exclude each other on one asset`);
    exclusive.set(parent, tag.fqn);
  }
}

function tagOf(label: JsonObject, stored: ReadonlySet<string>, lookup: Lookup): EntityRow | undefined {
  const fqn = textOf(label['tagFQN']) ?? '';
  const type = label['source'] === 'Glossary' ? 'glossaryTerm' : 'tag';
  const tag = lookup.live(type, fqn);
  if (tag === undefined && !stored.has(labelKey(label))) throw entityNotFound(type, fqn);
  return tag;
}

/** `checkLabels` for a document and its columns; `before` is what it replaces. */
export function checkDocumentLabels(document: JsonObject, before: JsonObject | undefined, lookup: Lookup): void {
  const stored = new Set<string>();
  if (before !== undefined) eachLabelled(before, (labels) => labels.forEach((label) => stored.add(labelKey(label))));
  eachLabelled(document, (labels) => checkLabels(labels, stored, lookup));
}

/** Visits the labels of an entity, of its columns, and of theirs. */
function eachLabelled(object: JsonObject, visit: (labels: readonly JsonObject[]) => void): void {
  if (object['tags'] !== undefined) visit(objectsOf(object['tags']));
  for (const key of ['columns', 'children']) {
    if (object[key] !== undefined) for (const column of objectsOf(object[key])) eachLabelled(column, visit);
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

/** What makes two labels the same: the tag, not who added it. */
export function labelKey(label: JsonObject): string {
  return `${textOf(label['source']) ?? ''} ${normaliseFqn(textOf(label['tagFQN']) ?? '')}`;
}

function exclusiveParent(tag: EntityRow, lookup: Lookup): string | undefined {
  const parentFqn = parentOf(normaliseFqn(tag.fqn));
  if (parentFqn === undefined) return undefined;
  const parent = lookup.live('tag', parentFqn) ?? lookup.live('classification', parentFqn);
  return parent?.document['mutuallyExclusive'] === true ? parentFqn : undefined;
}
