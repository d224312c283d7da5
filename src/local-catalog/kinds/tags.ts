import { badRequest } from '../api-error.js';
import { classificationBody, tagBody } from '../bodies/tag-bodies.js';
import { normaliseFqn } from '../fqn.js';
import type { JsonObject } from '../json-value.js';
import { objectOf, omit, textOf } from '../json-value.js';
import { resolveShared } from '../rules/resolve-references.js';
import { referenceTo } from '../store/entity-row.js';
import { containerFqn, nameOf, withName } from './body-keys.js';
import type { EntityKind, Place } from './entity-kind.js';

export const classification: EntityKind = {
  type: 'classification',
  path: 'classifications',
  model: classificationBody,
  patchModel: classificationBody,
  onRequest: new Set(['owners', 'reviewers']),
  containerKeys: [],
  contains: ['tag'],
  softDelete: true,
  bulk: false,
  filters: {},
  keptKeys: ['autoClassificationConfig'],
  nameOf,
  parentOf: () => undefined,
  build: (body, { lookup }) =>
    resolveShared({ provider: 'user', mutuallyExclusive: false, ...omit(body, ['name']) }, lookup),
  toBody: (row) => withName(row, []),
};

export const tag: EntityKind = {
  type: 'tag',
  path: 'tags',
  model: tagBody,
  patchModel: tagBody,
  onRequest: new Set(['owners', 'reviewers']),
  containerKeys: ['classification', 'parent'],
  contains: ['tag'],
  softDelete: true,
  bulk: false,
  filters: { parent: 'ancestor' },
  keptKeys: ['style', 'recognizers', 'associatedTags'],
  nameOf,
  parentOf: tagParent,
  build: buildTag,
  toBody: (row) => ({
    ...withName(row, ['classification', 'parent']),
    classification: containerFqn(row, 'classification'),
    ...(row.document['parent'] === undefined ? {} : { parent: containerFqn(row, 'parent') }),
  }),
};

function tagParent(body: JsonObject): { type: string; fqn: string } {
  const parent = textOf(body['parent']);
  if (parent !== undefined) return { type: 'tag', fqn: normaliseFqn(parent) };
  const name = textOf(body['classification']);
  if (name === undefined) throw badRequest('A tag needs a classification or a parent');
  return { type: 'classification', fqn: normaliseFqn(name) };
}

function buildTag(body: JsonObject, { parent, lookup }: Place): JsonObject {
  const own = omit(body, ['name', 'classification', 'parent']);
  const shared = resolveShared({ provider: 'user', mutuallyExclusive: false, ...own }, lookup);
  if (parent === undefined) return shared;
  if (parent.type === 'classification') return { ...shared, classification: referenceTo(parent) };
  return { ...shared, parent: referenceTo(parent), classification: objectOf(parent.document['classification']) };
}
