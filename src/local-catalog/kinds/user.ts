import { z } from 'zod';
import { flag, namedKeys } from '../bodies/body-parts.js';
import { omit } from '../json-value.js';
import { nameOf, withName } from './body-keys.js';
import type { EntityKind } from './entity-kind.js';

const { name, displayName, description } = namedKeys;
const userBody = z.strictObject({ name, displayName, description, email: z.string(), isBot: flag, isAdmin: flag });

/** People and bots: those who own entities and run queries. Names only, nobody logs in. */
export const user: EntityKind = {
  type: 'user',
  path: 'users',
  model: userBody,
  patchModel: userBody,
  onRequest: new Set(),
  containerKeys: [],
  contains: [],
  softDelete: true,
  bulk: false,
  filters: {},
  nameOf,
  parentOf: () => undefined,
  build: (body) => omit(body, ['name']),
  toBody: (row) => withName(row, []),
};
