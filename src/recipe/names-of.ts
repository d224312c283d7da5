import { z } from 'zod';
import { KINDS } from '../contract/kinds.js';
import { trySplitFqn } from '../openmetadata/index.js';
import { protectNames } from '../secrets/index.js';
import { isMapping, valueAt } from './recipe-path.js';
import type { Recipe } from './recipe-model.js';
import { connectionsOf } from './connections-of.js';

const suite = z.looseObject({ entityFullyQualifiedName: z.string() });

const TEXT = z.string();

/** The same names as written, before it is known whether the recipe is valid: messages about it mention them. */
export function keepWrittenNames(written: Record<string, unknown>): void {
  const connections = valueAt(written, ['source', 'sourceConfig', 'config', 'serviceConnections']);
  const pipeline = TEXT.safeParse(valueAt(written, ['ingestionPipelineFQN'])).data ?? '';
  const named = [
    valueAt(written, ['source', 'serviceName']),
    pipeline,
    trySplitFqn(pipeline)?.[0],
    valueAt(written, ['source', 'sourceConfig', 'config', 'entityFullyQualifiedName']),
    ...(Array.isArray(connections) ? connections.map((each) => (isMapping(each) ? each['serviceName'] : '')) : []),
  ];
  protectNames(named.flatMap((name) => TEXT.safeParse(name).data ?? []));
}

/**
 * Keeps names that the recipe itself gives unmasked in messages: services, its pipeline, a suite's table, the workflow
 * that runs it.
 */
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
