import { z } from 'zod';
import { DATABASE_SERVICE_TYPES } from '../../openmetadata/index.js';
import { assetKeys, entityReference, flag, fqnText, freeObject, taggedKeys, text } from './body-parts.js';

/**
 * Body of PUT `/services/databaseServices`. `connection.config` is the connector's business and isn't checked: recipes
 * are checked against the connector's own model long before.
 */
export const databaseServiceBody = z.strictObject({
  ...taggedKeys,
  serviceType: z.enum(DATABASE_SERVICE_TYPES),
  connection: z.strictObject({ config: freeObject.nullish() }).nullish(),
  style: freeObject.nullish(),
  dataProducts: z.array(fqnText).nullish(),
  ingestionRunner: entityReference.nullish(),
});

/** Body of PUT `/databases` and a row of PUT `/databases/bulk`. */
export const databaseBody = z.strictObject({ ...assetKeys, service: fqnText, default: flag, retentionPeriod: text });

/** Body of PUT `/databaseSchemas` and a row of PUT `/databaseSchemas/bulk`. */
export const databaseSchemaBody = z.strictObject({ ...assetKeys, database: fqnText, retentionPeriod: text });

/** Body of PUT `/storedProcedures` and a row of PUT `/storedProcedures/bulk`. */
export const storedProcedureBody = z.strictObject({
  ...assetKeys,
  databaseSchema: fqnText,
  storedProcedureCode: z.strictObject({
    language: z.enum(['SQL', 'Java', 'JavaScript', 'Python', 'External']).nullish(),
    code: text,
  }),
  storedProcedureType: z.enum(['StoredProcedure', 'UDF', 'StoredPackage', 'Function']).nullish(),
});
