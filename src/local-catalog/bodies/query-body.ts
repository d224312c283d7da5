import { z } from 'zod';
import { entityReference, flag, fqnText, integer, nameText, references, taggedKeys, text } from './body-parts.js';

/** Body of PUT `/queries` and a row of PUT `/queries/bulk`. */
export const queryBody = z.strictObject({
  ...taggedKeys,
  name: nameText.nullish(),
  query: z.string(),
  query_type: text,
  exclude_usage: flag,
  duration: z.number().nullish(),
  users: z.array(fqnText).nullish(),
  usedBy: z.array(z.string()).nullish(),
  dialect: text,
  queryDate: integer,
  queryUsedIn: references,
  triggeredBy: entityReference.nullish(),
  processedLineage: flag,
  service: fqnText,
});
