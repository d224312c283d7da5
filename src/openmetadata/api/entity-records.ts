import { z } from 'zod';
import type { EntityKind } from '../entities/index.js';
import { maybe, maybeList } from './answer-shape.js';

/** An entity as the server returns it: only what the worker needs, undefined where the server has none. */
const reference = z.object({
  id: z.string(),
  type: z.string(),
  name: maybe(z.string()),
  fullyQualifiedName: maybe(z.string()),
});

export type ReferenceRecord = z.infer<typeof reference>;
export const referenceSchema: z.ZodType<ReferenceRecord> = reference;

export interface ColumnRecord {
  readonly name: string;
  readonly fullyQualifiedName: string | undefined;
  readonly dataType: string | undefined;
  readonly children: readonly ColumnRecord[];
}

const column: z.ZodType<ColumnRecord> = z.lazy(() =>
  z.object({
    name: z.string(),
    fullyQualifiedName: maybe(z.string()),
    dataType: maybe(z.string()),
    children: maybeList(column),
  })
);

const constraint = z.object({
  constraintType: maybe(z.string()),
  columns: maybeList(z.string()),
  referredColumns: maybeList(z.string()),
  relationshipType: maybe(z.string()),
});

const accessDetails = z.looseObject({ timestamp: z.number() });

const lifeCycle = z.looseObject({
  created: accessDetails.nullish(),
  updated: accessDetails.nullish(),
  accessed: accessDetails.nullish(),
});

const container = z.object({
  id: z.string(),
  name: z.string(),
  fullyQualifiedName: z.string(),
  version: maybe(z.number()),
  sourceHash: maybe(z.string()),
  updatedAt: maybe(z.number()),
  deleted: z
    .boolean()
    .nullish()
    .transform((value) => value ?? false),
});

const procedure = container.extend({
  processedLineage: maybe(z.boolean()),
  storedProcedureCode: maybe(z.object({ language: maybe(z.string()), code: maybe(z.string()) })),
});

const table = container.extend({
  tableType: maybe(z.string()),
  /** Undefined if it isn't among the requested fields. */
  columns: maybe(z.array(column)),
  /** As stored, for PATCH. */
  tableConstraints: maybe(z.array(constraint)),
  schemaDefinition: maybe(z.string()),
  processedLineage: maybe(z.boolean()),
  lifeCycle: maybe(lifeCycle),
});

export type ContainerRecord = z.infer<typeof container>;
export type TableRecord = z.infer<typeof table>;
export type ProcedureRecord = z.infer<typeof procedure>;

/** What each collection returns. */
export interface EntityRecords {
  readonly databases: ContainerRecord;
  readonly databaseSchemas: ContainerRecord;
  readonly tables: TableRecord;
  readonly storedProcedures: ProcedureRecord;
}

export const ENTITY_SCHEMAS: { readonly [K in EntityKind]: z.ZodType<EntityRecords[K]> } = {
  databases: container,
  databaseSchemas: container,
  tables: table,
  storedProcedures: procedure,
};
