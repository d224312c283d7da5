import { z } from 'zod';
import { KIND_NAMES, factsOf, writtenType, type WorkflowKind } from '../contract/kinds.js';
import { KIND_MODELS, wholeRecipe, type RecipeModel, type RecipeOf } from './kinds/index.js';
import { connectionModel, sourceTypes, type ConnectionModel } from '../sources/index.js';
import { anyConnection } from './any-connection.js';
import { knownTypes } from './source-types.js';

export type MetadataRecipe = RecipeOf<'metadata'>;
export type LineageRecipe = RecipeOf<'lineage'>;
export type ProfilerRecipe = RecipeOf<'profiler'>;
export type Recipe = RecipeOf<WorkflowKind>;

/** For a type without a connector: nobody reads it, it is only kept free of secrets. */
const freeConnection: ConnectionModel = z.record(z.string(), z.unknown());

/**
 * The one model that a recipe is checked against, so that messages are about one.
 * @param type of the connector, in lower case and without the kind's suffix
 */
export function recipeModel(kind: WorkflowKind, type: string): RecipeModel<Recipe> {
  const own = factsOf(kind).sourceType === undefined ? (connectionModel(type) ?? freeConnection) : anyConnection();
  return KIND_MODELS[kind].recipe(type, own);
}

/** Any recipe at all, for the JSON Schema; messages are made by the models above. */
export function anyRecipe(): z.ZodType {
  const models = KIND_NAMES.map((kind) => KIND_MODELS[kind]);
  const step = (name: 'processor' | 'stage' | 'bulkSink'): z.ZodExactOptional =>
    z.exactOptional(unionOf(models.map(({ steps }) => steps[name])));
  return wholeRecipe(z.union(KIND_NAMES.flatMap(sourcesOf)), {
    processor: step('processor'),
    stage: step('stage'),
    bulkSink: step('bulkSink'),
  });
}

function unionOf(models: readonly z.ZodType[]): z.ZodType {
  const [first, ...more] = new Set(models);
  return first === undefined || more.length > 0 ? z.union([...new Set(models)]) : first;
}

function sourcesOf(kind: WorkflowKind): z.ZodType[] {
  const facts = factsOf(kind);
  const model = KIND_MODELS[kind];
  if (facts.sourceType !== undefined) return [model.source([facts.sourceType], anyConnection())];
  const ofConnectors = sourceTypes().map((type) =>
    model.source([writtenType(facts, type)], connectionModel(type) ?? freeConnection)
  );
  if (facts.queryLog !== true) return ofConnectors;
  const others = knownTypes().filter((type) => connectionModel(type) === undefined);
  return [
    ...ofConnectors,
    model.source(
      others.map((type) => writtenType(facts, type)),
      freeConnection
    ),
  ];
}
