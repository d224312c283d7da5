import { z } from 'zod';
import type { JsonObject } from '../json-value.js';
import { isJsonObject } from '../json-value.js';

/** The pieces that request bodies share. Every optional key may also be null, which is the same as leaving it out. */

const MAX_FQN_LENGTH = 3072;

/** Length and pattern of names are checked with the entity, so that in a bulk call they fail one row only. */
export const nameText = z.string();
export const fqnText = z.string().min(1).max(MAX_FQN_LENGTH);
export const text = z.string().nullish();
export const flag = z.boolean().nullish();
export const integer = z.int().nullish();
export const uuid = z.guid();

/** An object whose keys are the source's or the user's own. */
export const freeObject = z.custom<JsonObject>(isJsonObject, 'expected an object');

export const entityReference = z.strictObject({
  id: uuid,
  type: z.string(),
  name: text,
  fullyQualifiedName: text,
  description: text,
  displayName: text,
  deleted: flag,
  inherited: flag,
  href: text,
});

export const references = z.array(entityReference).nullish();

export const tagLabel = z.strictObject({
  tagFQN: z.string().min(1),
  source: z.enum(['Classification', 'Glossary']),
  labelType: z.enum(['Manual', 'Propagated', 'Automated', 'Derived', 'Generated']),
  state: z.enum(['Suggested', 'Confirmed']),
  name: text,
  displayName: text,
  description: text,
  style: freeObject.nullish(),
  href: text,
  reason: text,
  appliedAt: text,
  appliedBy: text,
  metadata: freeObject.nullish(),
});

export const tagLabels = z.array(tagLabel).nullish();

const accessDetails = z.strictObject({
  timestamp: z.int(),
  accessedBy: entityReference.nullish(),
  accessedByAProcess: text,
});

export const lifeCycle = z
  .strictObject({
    created: accessDetails.nullish(),
    updated: accessDetails.nullish(),
    accessed: accessDetails.nullish(),
  })
  .nullish();

/** Keys of every entity's create request. */
export const namedKeys = {
  name: nameText,
  displayName: text,
  description: text,
  owners: references,
  domains: z.array(fqnText).nullish(),
};

/** Keys of what can carry tags. */
export const taggedKeys = { ...namedKeys, tags: tagLabels };

/** Keys of the create requests of databases, schemas, tables and procedures. */
export const assetKeys = {
  ...taggedKeys,
  dataProducts: z.array(fqnText).nullish(),
  sourceUrl: text,
  extension: freeObject.nullish(),
  lifeCycle,
  sourceHash: z.string().min(1).max(32).nullish(),
};
