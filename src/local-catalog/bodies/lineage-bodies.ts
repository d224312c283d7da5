import { z } from 'zod';
import { entityReference, fqnText, integer, text } from './body-parts.js';

const SOURCES = [
  'Manual',
  'ViewLineage',
  'QueryLineage',
  'PipelineLineage',
  'DashboardLineage',
  'DbtLineage',
  'SparkLineage',
  'OpenLineage',
  'ExternalTableLineage',
  'CrossDatabaseLineage',
  'ChildAssets',
] as const;

/** Details of an edge, the body of PUT by names. An open model on the server as well: unknown keys are dropped. */
export const lineageDetailsBody = z.object({
  sqlQuery: text,
  columnsLineage: z
    .array(z.object({ fromColumns: z.array(fqnText).nullish(), toColumn: fqnText.nullish(), function: text }))
    .nullish(),
  pipeline: entityReference.nullish(),
  description: text,
  source: z.enum(SOURCES).nullish(),
  createdAt: integer,
  createdBy: text,
  updatedAt: integer,
  updatedBy: text,
  assetEdges: integer,
  tempLineageTables: z.array(z.object({ fromEntity: z.string(), toEntity: z.string() })).nullish(),
});

/** Body of PUT `/lineage`. */
export const addLineageBody = z.strictObject({
  edge: z.strictObject({
    fromEntity: entityReference,
    toEntity: entityReference,
    description: text,
    lineageDetails: lineageDetailsBody.nullish(),
  }),
});
