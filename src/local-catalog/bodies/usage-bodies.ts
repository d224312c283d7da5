import { z } from 'zod';
import { entityReference, fqnText, integer, text } from './body-parts.js';

const date = z.iso.date();

/** Body of POST and PUT `/usage/{type}/{id}`. */
export const usageBody = z.strictObject({ date, count: z.int().min(0) });

const joinedWith = z.strictObject({ fullyQualifiedName: fqnText, joinCount: z.int().min(0) });

/** Body of PUT `/tables/{id}/joins`. */
export const joinsBody = z.strictObject({
  startDate: date,
  dayCount: integer,
  columnJoins: z.array(z.strictObject({ columnName: z.string().min(1), joinedWith: z.array(joinedWith) })).nullish(),
  directTableJoins: z.array(joinedWith).nullish(),
});

/** Body of POST `/queryCostRecord`. */
export const queryCostBody = z.strictObject({
  timestamp: z.int(),
  jsonSchema: text,
  queryReference: entityReference,
  cost: z.number(),
  count: z.number(),
  totalDuration: z.number().nullish(),
});

/** Bodies of PUT `/queries/{id}/usage`, `/users` and `/usedBy`. */
export const queryUsesBody = z.array(entityReference);
export const queryUsersBody = z.array(z.string());
