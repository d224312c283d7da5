import { z } from 'zod';
import { flag, namedKeys } from '../bodies/body-parts.js';
import { omit } from '../json-value.js';
import { nameOf, withName } from './body-keys.js';
import type { EntityKind } from './entity-kind.js';

const { name, displayName, description } = namedKeys;
const teamType = z.enum(['Group', 'Department', 'Division', 'BusinessUnit', 'Organization']).nullish();
const teamBody = z.strictObject({
  name,
  displayName,
  description,
  email: z.string().nullish(),
  teamType,
  isJoinable: flag,
});

/** Teams that own entities. Names only: nobody is in them. */
export const team: EntityKind = {
  type: 'team',
  path: 'teams',
  model: teamBody,
  patchModel: teamBody,
  onRequest: new Set(),
  containerKeys: [],
  contains: [],
  softDelete: true,
  bulk: false,
  filters: {},
  nameOf,
  parentOf: () => undefined,
  build: (body) => ({ teamType: 'Group', ...omit(body, ['name']) }),
  toBody: (row) => withName(row, []),
};
