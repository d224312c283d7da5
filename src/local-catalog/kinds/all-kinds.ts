import { database, databaseSchema } from './containers.js';
import { databaseService } from './database-service.js';
import type { EntityKind } from './entity-kind.js';
import { ingestionPipeline } from './ingestion-pipeline.js';
import { query } from './query.js';
import { container, storageService } from './storage.js';
import { storedProcedure } from './stored-procedure.js';
import { table } from './table.js';
import { testCase } from './test-case.js';
import { testDefinition } from './test-definition.js';
import { testSuite } from './test-suite.js';
import { classification, tag } from './tags.js';
import { team } from './team.js';
import { user } from './user.js';

/** Every type of entity the catalog keeps. */
export const ALL_KINDS: readonly EntityKind[] = [
  databaseService,
  database,
  databaseSchema,
  table,
  storedProcedure,
  storageService,
  container,
  ingestionPipeline,
  query,
  classification,
  tag,
  user,
  team,
  testDefinition,
  testSuite,
  testCase,
];

export function findKind(type: string): EntityKind | undefined {
  return ALL_KINDS.find((kind) => kind.type === type);
}
