import type { z } from 'zod';
import { expandVariables, type Environment } from '../secrets/index.js';
import { didYouMean, listed } from './nearest.js';
import { lineageModel, metadataModel, recipeFrame, type LineageRecipe, type MetadataRecipe } from './recipe-model.js';
import { type RecipePath, isMapping, valueAt } from './recipe-path.js';
import {
  type ConnectorType,
  CONNECTOR_TYPES,
  isConnector,
  KNOWN_TYPES,
  LATER_CONFIGS,
  LATER_SUFFIXES,
} from './source-types.js';

/** The one model that a recipe is checked against. */
export type ChosenModel =
  | { readonly kind: 'metadata'; readonly type: ConnectorType; readonly model: z.ZodType<Omit<MetadataRecipe, 'kind'>> }
  | { readonly kind: 'lineage'; readonly type: string; readonly model: z.ZodType<Omit<LineageRecipe, 'kind'>> }
  /** The source can't be told; only the rest is checked. */
  | { readonly kind: 'unknown'; readonly model: z.ZodType; readonly path: RecipePath; readonly problem: string };

const TYPE: RecipePath = ['source', 'type'];
const CONFIG_TYPE: RecipePath = ['source', 'sourceConfig', 'config', 'type'];
const RUNS = 'This version runs metadata and lineage.';

/** Chooses by source.type, compared in lower case, and sourceConfig.config.type. */
export function chooseModel(recipe: Record<string, unknown>, environment: Environment): ChosenModel {
  const unknown = (path: RecipePath, problem: string): ChosenModel => ({
    kind: 'unknown',
    model: recipeFrame,
    path,
    problem,
  });
  if (!isMapping(recipe['source'])) {
    const what =
      recipe['source'] === undefined || recipe['source'] === null ? 'is required and missing.' : 'must be a mapping.';
    return unknown(['source'], what);
  }
  const written = valueAt(recipe, TYPE);
  if (written === undefined || written === null || written === '') {
    return unknown(TYPE, `is required and missing. Allowed: ${allowedTypes()}.`);
  }
  if (typeof written !== 'string') return unknown(TYPE, `must be text. Allowed: ${allowedTypes()}.`);
  const configType = valueAt(recipe, CONFIG_TYPE) ?? undefined;
  const { base, suffix } = splitType(expandVariables(written, environment).text);

  const later = laterWorkflow(base, suffix, configType);
  if (later !== undefined) return unknown(later.path, later.problem);
  if (suffix === 'lineage') {
    if (configType === 'DatabaseMetadata')
      return unknown(
        CONFIG_TYPE,
        `\`${base}-lineage\` needs \`DatabaseLineage\`. For metadata write \`source.type: ${base}\`.`
      );
    return chooseLineage(base, recipe) ?? unknown(TYPE, unknownType(written));
  }
  if (configType === 'DatabaseLineage')
    return unknown(TYPE, `lineage has its own source type. Write \`${base}-lineage\`.`);
  if (isConnector(base)) return { kind: 'metadata', type: base, model: metadataModel(base) };
  return unknown(TYPE, unknownType(written));
}

/** Connector type without the kind's suffix, lower-case; undefined for what isn't a mapping with a type. */
export function connectorOf(recipe: Record<string, unknown>, environment: Environment): string | undefined {
  const written = valueAt(recipe, TYPE);
  return typeof written === 'string' ? splitType(expandVariables(written, environment).text).base : undefined;
}

function splitType(type: string): { base: string; suffix: string | undefined } {
  const lower = type.trim().toLowerCase();
  const match = /^(.+)-(lineage|usage)$/.exec(lower);
  return { base: match?.[1] ?? lower, suffix: match?.[2] };
}

function laterWorkflow(
  base: string,
  suffix: string | undefined,
  configType: unknown
): { path: RecipePath; problem: string } | undefined {
  const say = (what: string, name: string): string => `\`${what}\` is for ${name} runs. ${RUNS}`;
  const bySuffix = suffix === undefined ? undefined : LATER_SUFFIXES[suffix];
  if (bySuffix !== undefined) return { path: TYPE, problem: say(`${base}-${suffix}`, bySuffix) };
  if (base === 'testsuite') return { path: TYPE, problem: say('TestSuite', 'data quality') };
  if (typeof configType !== 'string' || !Object.hasOwn(LATER_CONFIGS, configType)) return undefined;
  return { path: CONFIG_TYPE, problem: say(configType, LATER_CONFIGS[configType] ?? '') };
}

function chooseLineage(base: string, recipe: Record<string, unknown>): ChosenModel | undefined {
  if (isConnector(base)) return { kind: 'lineage', type: base, model: lineageModel(base) };
  if (!KNOWN_TYPES.includes(base)) return undefined;
  const path = ['source', 'sourceConfig', 'config', 'queryLogFilePath'];
  const file = valueAt(recipe, path);
  if (file !== undefined && file !== null) return { kind: 'lineage', type: base, model: lineageModel(base) };
  const problem = `is required and missing: \`${base}\` has no connector here, so that its queries can only be read from files (CSV). Connectors: ${listed(CONNECTOR_TYPES)}.`;
  return { kind: 'unknown', model: recipeFrame, path, problem };
}

function unknownType(written: string): string {
  const { base, suffix } = splitType(written);
  if (KNOWN_TYPES.includes(base)) {
    return `OpenMetadata knows \`${base}\`, but there is no connector for it here. Allowed: ${allowedTypes()}, and \`${base}-lineage\` with queryLogFilePath.`;
  }
  const spelled = (types: readonly string[]): string[] =>
    types.map((type) => (suffix === undefined ? type : `${type}-${suffix}`));
  // Types that run here before those that OpenMetadata has besides: `msyql` is as near to mssql as to mysql.
  const guess = didYouMean(written, spelled(CONNECTOR_TYPES)) || didYouMean(written, spelled(KNOWN_TYPES));
  return `unknown source type \`${written.slice(0, 40)}\`.${guess} Allowed: ${allowedTypes()}, and \`<type>-lineage\` with queryLogFilePath.`;
}

function allowedTypes(): string {
  return listed(CONNECTOR_TYPES.flatMap((type) => [type, `${type}-lineage`]));
}
