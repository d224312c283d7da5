import { z } from 'zod';
import { KINDS } from '../contract/kinds.js';
import { protectNames } from '../secrets/index.js';
import type { Recipe } from './recipe-model.js';
import { connectionsOf } from './service-connections.js';

const suite = z.looseObject({ entityFullyQualifiedName: z.string() });

/** Keeps whole in messages what the recipe itself names: services, its pipeline, a suite's table, the workflow that runs it. */
export function keepNamesOf(recipe: Recipe): void {
  const { source, ingestionPipelineFQN, kind } = recipe;
  const table = suite.safeParse(source.sourceConfig.config).data?.entityFullyQualifiedName;
  const given = [
    source.serviceName,
    ...connectionsOf(recipe).map(({ serviceName }) => serviceName),
    KINDS[kind].workflowType,
  ];
  protectNames([...given, ...[ingestionPipelineFQN, table].filter((name) => name !== undefined)]);
}
