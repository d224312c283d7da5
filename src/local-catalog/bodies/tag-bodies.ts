import { z } from 'zod';
import { flag, fqnText, freeObject, namedKeys, references } from './body-parts.js';

const provider = z.enum(['system', 'user', 'automation']).nullish();

/** Body of PUT `/classifications`. */
export const classificationBody = z.strictObject({
  ...namedKeys,
  description: z.string(),
  provider,
  mutuallyExclusive: flag,
  reviewers: references,
  autoClassificationConfig: freeObject.nullish(),
});

/** Body of PUT `/tags`: below a classification, or below another tag. */
export const tagBody = z.strictObject({
  ...namedKeys,
  description: z.string(),
  classification: fqnText.nullish(),
  parent: fqnText.nullish(),
  provider,
  mutuallyExclusive: flag,
  style: freeObject.nullish(),
  associatedTags: z.array(z.string()).nullish(),
  reviewers: references,
  recognizers: z.array(freeObject).nullish(),
  autoClassificationEnabled: flag,
  autoClassificationPriority: z.int().min(0).max(100).nullish(),
});
