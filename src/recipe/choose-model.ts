import type { z } from 'zod';
import { KINDS_NOT_HERE, KIND_NAMES, factsOf, writtenType, type WorkflowKind } from '../contract/kinds.js';
import { expandVariables, hasVariables, type Environment } from '../secrets/index.js';
import { recipeFrame, type RecipeModel } from './kinds/index.js';
import { beginning, didYouMean, listed } from '../errors/index.js';
import { recipeModel, type Recipe } from './recipe-model.js';
import { type RecipePath, isMapping, valueAt } from './recipe-path.js';
import { allSources, findSource, isSourceType, sourceTypes } from '../sources/index.js';
import { knownTypes } from './source-types.js';

/** The one model that a recipe is checked against. */
export type ChosenModel =
  /** `type`: of the connector, in lower case and without the kind's suffix. */
  | { readonly kind: WorkflowKind; readonly type: string; readonly model: RecipeModel<Recipe> }
  /** The source can't be determined; only the rest is checked. */
  | { readonly kind: 'unknown'; readonly schema: z.ZodType; readonly path: RecipePath; readonly problem: string };

const TYPE: RecipePath = ['source', 'type'];
const CONFIG: RecipePath = ['source', 'sourceConfig', 'config'];
const CONFIG_TYPE: RecipePath = [...CONFIG, 'type'];
/** OpenMetadata's types of engines that a connector here reads by another name. */
const READ_BY: ReadonlyMap<string, string> = new Map([['mariadb', 'mysql']]);
const ALL_KINDS = [...KIND_NAMES.map(factsOf), ...KINDS_NOT_HERE];

/** Chooses by source.type, compared in lower case, and sourceConfig.config.type. */
export function chooseModel(recipe: Record<string, unknown>, environment: Environment): ChosenModel {
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
  const source: WrittenSource = {
    ...splitType(expandVariables(written, environment).text),
    written,
    configType: valueAt(recipe, CONFIG_TYPE) ?? undefined,
  };
  const kind = KIND_NAMES.find((name) => isOf(factsOf(name), source));
  return notHere(source) ?? (kind === undefined ? plainType(recipe, source) : ofKind(kind, recipe, source));
}

/** Connector type without the kind's suffix, lower-case; undefined for what isn't a mapping with a type. */
export function connectorOf(recipe: Record<string, unknown>, environment: Environment): string | undefined {
  const written = valueAt(recipe, TYPE);
  return typeof written === 'string' ? splitType(expandVariables(written, environment).text).base : undefined;
}

/** The most likely kind of a recipe that wasn't checked: `metadata` when nothing in it tells. */
export function likelyKind(recipe: unknown): WorkflowKind {
  const source = isMapping(recipe) ? recipe : {};
  const written = valueAt(source, TYPE);
  const { base, suffix } = splitType(typeof written === 'string' ? written : '');
  const configType = valueAt(source, CONFIG_TYPE);
  const kinds = KIND_NAMES.map((name) => ({ name, facts: factsOf(name) }));
  const byType = kinds.find(({ facts }) => isOf(facts, { base, suffix }));
  return (byType ?? kinds.find(({ facts }) => facts.configType === configType))?.name ?? 'metadata';
}

interface WrittenSource {
  /** source.type as the recipe has it. */
  readonly written: string;
  /** In lower case, without the suffix. */
  readonly base: string;
  readonly suffix: string | undefined;
  readonly configType: unknown;
}

type NamedKind = (typeof ALL_KINDS)[number];

function splitType(type: string): Pick<WrittenSource, 'base' | 'suffix'> {
  const lower = type.trim().toLowerCase();
  const suffix = ALL_KINDS.flatMap((kind) => kind.suffix ?? []).find((each) => lower.endsWith(each));
  return suffix === undefined || suffix === lower
    ? { base: lower, suffix: undefined }
    : { base: lower.slice(0, -suffix.length), suffix };
}

/** Whether source.type alone says that the recipe is of this kind. */
function isOf({ suffix, sourceType }: NamedKind, source: Pick<WrittenSource, 'base' | 'suffix'>): boolean {
  if (sourceType !== undefined) return source.base === sourceType.toLowerCase();
  return suffix !== undefined && source.suffix === suffix;
}

/** OpenMetadata runs it; this version doesn't. */
function notHere(source: WrittenSource): ChosenModel | undefined {
  const say = (what: string, { title }: NamedKind): string =>
    `\`${what}\` is for ${title} runs. This version runs ${enumerated(KIND_NAMES.map((kind) => factsOf(kind).title))}.`;
  const byType = KINDS_NOT_HERE.find((kind) => isOf(kind, source));
  if (byType !== undefined)
    return unknown(TYPE, say(byType.sourceType ?? `${source.base}${source.suffix ?? ''}`, byType));
  const byConfig = KINDS_NOT_HERE.find(({ configType }) => configType === source.configType);
  return byConfig === undefined ? undefined : unknown(CONFIG_TYPE, say(byConfig.configType, byConfig));
}

/** A recipe whose source.type gives the kind. */
function ofKind(kind: WorkflowKind, recipe: Record<string, unknown>, source: WrittenSource): ChosenModel {
  const facts = factsOf(kind);
  const { base, configType } = source;
  const other = KIND_NAMES.map(factsOf).find((each) => each !== facts && each.configType === configType);
  if (other !== undefined && (facts.sourceType !== undefined || knownTypes().includes(base))) {
    const type = writtenType(facts, base);
    const instead = facts.sourceType === undefined ? writtenType(other, base) : writtenType(other, '<type>');
    return unknown(
      CONFIG_TYPE,
      `\`${type}\` needs \`${facts.configType}\`. For ${other.title} write \`source.type: ${instead}\`.`
    );
  }
  if (facts.sourceType !== undefined) return { kind, type: base, model: recipeModel(kind, base) };
  if (isSourceType(base)) return lacking(kind, recipe, base) ?? { kind, type: base, model: recipeModel(kind, base) };
  if (!knownTypes().includes(base) || facts.queryLog !== true) return unknown(TYPE, unknownType(source));
  const path = [...CONFIG, 'queryLogFilePath'];
  const file = valueAt(recipe, path);
  if (file !== undefined && file !== null) return { kind, type: base, model: recipeModel(kind, base) };
  return unknown(
    path,
    `is required and missing: \`${base}\` has no connector here, so that its queries can only be read from files (CSV). Connectors: ${listed(sourceTypes())}.${readBy(base, facts.suffix)}`
  );
}

/** A connector that can't do what the kind's runs are about. */
function lacking(kind: WorkflowKind, recipe: Record<string, unknown>, type: string): ChosenModel | undefined {
  const { needs, queryLog, title } = factsOf(kind);
  if (needs === undefined || findSource(type).supports.includes(needs)) return undefined;
  const able = allSources().filter(({ supports }) => supports.includes(needs));
  const those = `Connectors with one: ${listed(able.map((source) => source.type))}.`;
  if (queryLog !== true)
    return unknown(TYPE, `\`${type}\` measures no rows, so that it has no ${title} runs. ${those}`);
  const path = [...CONFIG, 'queryLogFilePath'];
  const file = valueAt(recipe, path);
  if (file !== undefined && file !== null) return undefined;
  return unknown(
    path,
    `is required and missing: \`${type}\` has no log for ${title} runs, so that queries can only be read from files (CSV). ${those}`
  );
}

/** Only a connector's type: sourceConfig.config.type gives the kind; metadata when that is absent. */
function plainType(recipe: Record<string, unknown>, source: WrittenSource): ChosenModel {
  const { base, configType } = source;
  const written = KIND_NAMES.find((name) => factsOf(name).configType === configType);
  const unclear = written === undefined && configType !== undefined && isSourceType(base);
  if (unclear && !(typeof configType === 'string' && hasVariables(configType)))
    return unknown(CONFIG_TYPE, unknownConfigType(base, configType));
  const kind = written ?? 'metadata';
  const facts = factsOf(kind);
  const own = writtenType(facts, base);
  if (own !== base && (isSourceType(base) || knownTypes().includes(base)))
    return unknown(TYPE, `${facts.title} has its own source type. Write \`${own}\`.`);
  if (own === base && isSourceType(base))
    return lacking(kind, recipe, base) ?? { kind, type: base, model: recipeModel(kind, base) };
  return unknown(TYPE, unknownType(source));
}

function unknown(path: RecipePath, problem: string): ChosenModel {
  return { kind: 'unknown', schema: recipeFrame, path, problem };
}

/** A kind of recipes goes by sourceConfig.config.type where source.type doesn't say it. */
function unknownConfigType(base: string, configType: unknown): string {
  const kinds = KIND_NAMES.map(factsOf);
  const allowed = kinds.filter((facts) => writtenType(facts, base) === base).map(({ configType }) => configType);
  if (typeof configType !== 'string') return `must be text. With \`source.type: ${base}\` allowed: ${listed(allowed)}.`;
  const found = configType;
  const guess = didYouMean(found, allowed);
  const elsewhere = guess === '' ? kinds.find(({ configType }) => didYouMean(found, [configType]) !== '') : undefined;
  const there =
    elsewhere === undefined
      ? ''
      : ` \`${elsewhere.configType}\` goes with \`source.type: ${writtenType(elsewhere, base)}\`.`;
  return `found \`${beginning(found, 40)}\`. With \`source.type: ${base}\` allowed: ${listed(allowed)}.${guess}${there}`;
}

function unknownType({ written, base, suffix = '' }: WrittenSource): string {
  const logs = KIND_NAMES.map(factsOf).filter(({ queryLog }) => queryLog === true);
  const fromFiles = (type: string): string =>
    `${enumerated(logs.map((kind) => `\`${writtenType(kind, type)}\``))} with queryLogFilePath`;
  if (knownTypes().includes(base)) {
    return `OpenMetadata knows \`${base}\`, but there is no connector for it here.${readBy(base, suffix)} Allowed: ${allowedTypes()}, and ${fromFiles(base)}.`;
  }
  const spelled = (types: readonly string[]): string[] => types.map((type) => `${type}${suffix}`);
  // types that run here come before others of OpenMetadata: `msyql` is as close to mssql as to mysql
  const guess =
    otherOrder(written) ||
    didYouMean(
      written,
      KIND_NAMES.flatMap((kind) => factsOf(kind).sourceType ?? [])
    ) ||
    didYouMean(written, spelled(sourceTypes())) ||
    didYouMean(
      written,
      logs.flatMap((kind) => sourceTypes().map((type) => writtenType(kind, type)))
    ) ||
    didYouMean(written, spelled(knownTypes()));
  return `unknown source type \`${beginning(written, 40)}\`.${guess} Allowed: ${allowedTypes()}, and ${fromFiles('<type>')}.`;
}

function readBy(base: string, suffix = ''): string {
  const type = READ_BY.get(base);
  return type === undefined || !isSourceType(type)
    ? ''
    : ` Write \`${type}${suffix}\`: that connector reads ${base} too. In OpenMetadata the service is then of its type.`;
}

/** `lineage-mysql`, and `mysql-profiler` of a kind that has no source type of its own. */
function otherOrder(written: string): string {
  const lower = written.trim().toLowerCase();
  for (const type of sourceTypes())
    for (const kind of KIND_NAMES) {
      const facts = factsOf(kind);
      const words = [kind, facts.configType.toLowerCase()];
      if (!words.some((word) => lower === `${word}-${type}` || lower === `${type}-${word}`)) continue;
      const own = writtenType(facts, type);
      const by = own === type ? ` with \`sourceConfig.config.type: ${facts.configType}\`` : '';
      return ` Write \`${own}\`${by}.`;
    }
  return '';
}

function allowedTypes(): string {
  const kinds = KIND_NAMES.map(factsOf);
  const ofConnectors = sourceTypes().flatMap((type) =>
    kinds.filter(({ sourceType }) => sourceType === undefined).map((kind) => writtenType(kind, type))
  );
  return listed([...new Set(ofConnectors), ...kinds.flatMap(({ sourceType }) => sourceType ?? [])]);
}

/** `a`, `a and b`, `a, b and c`. */
function enumerated(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
