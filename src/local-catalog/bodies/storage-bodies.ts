import { z } from 'zod';
import { assetKeys, fqnText, freeObject, taggedKeys, text } from './body-parts.js';

/** Body of PUT `/services/storageServices`. */
export const storageServiceBody = z.strictObject({
  ...taggedKeys,
  serviceType: z.enum(['S3', 'ADLS', 'GCS', 'CustomStorage']),
  connection: z.strictObject({ config: freeObject.nullish() }).nullish(),
});

/** Body of PUT `/containers`: containers right below a service, without a data model. */
export const containerBody = z.strictObject({
  ...assetKeys,
  service: fqnText,
  fullPath: text,
  prefix: text,
  numberOfObjects: z.number().nullish(),
  size: z.number().nullish(),
  fileFormats: z.array(z.string()).nullish(),
});
