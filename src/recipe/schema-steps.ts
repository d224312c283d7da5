import { z } from 'zod';
import { isMapping, valueAt, type RecipePath } from './recipe-path.js';

/** The model itself, without the optional, default and lazy around it. */
export function unwrapped(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodLazy) {
    const inner = schema.unwrap();
    return inner instanceof z.ZodType ? unwrapped(inner) : schema;
  }
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional || schema instanceof z.ZodDefault) {
    const inner = schema.unwrap();
    return inner instanceof z.ZodType ? unwrapped(inner) : schema;
  }
  return schema;
}

/**
 * The option of a union that is meant by this value: by its `type` key, else by whether it is text, a list or a
 * mapping; of several, the one that it fits best.
 */
export function matchingOption(union: z.ZodUnion, value: unknown): z.ZodType | undefined {
  const options = union.options.filter((option) => option instanceof z.ZodType).map(unwrapped);
  if (union instanceof z.ZodDiscriminatedUnion)
    return options.find((option) => isMapping(value) && hasType(option, value['type']));
  const wanted = Array.isArray(value) ? ['array'] : isMapping(value) ? ['object', 'record'] : ['string'];
  const fitting = options.filter((option) => wanted.includes(option.def.type));
  const meant = fitting.filter((option) => isMapping(value) && agrees(option, value));
  return bestFitting(meant.length > 0 ? meant : fitting, value)[0];
}

/** Whether each word of a mapping that the option has only one value for is that one. */
function agrees(option: z.ZodType, value: Record<string, unknown>): boolean {
  if (!(option instanceof z.ZodObject)) return false;
  return literalKeys(option).every(([key, words]) => !Object.hasOwn(value, key) || words.includes(value[key]));
}

function literalKeys(option: z.ZodObject): (readonly [key: string, words: readonly unknown[]])[] {
  return Object.entries(option.shape).flatMap(([key, inner]) => {
    const literal = inner instanceof z.ZodType ? unwrapped(inner) : undefined;
    return literal instanceof z.ZodLiteral ? [[key, [...literal.values]] as const] : [];
  });
}

/** The words that the options of a union have at a key. */
export function literalsAt(union: z.ZodUnion, key: string): readonly string[] {
  const options = union.options.filter((option) => option instanceof z.ZodType).map(unwrapped);
  const words = options
    .filter((option) => option instanceof z.ZodObject)
    .flatMap((option) => literalKeys(option).flatMap(([name, values]) => (name === key ? values : [])));
  return [...new Set(words.map(String))];
}

/**
 * The models that fit a value best: with the fewest keys that are unknown, missing or another word than the model's.
 * Several when they fit alike. The same for a recipe as written and for a checked one: variables and secrets don't
 * count.
 */
export function bestFitting(models: readonly z.ZodType[], value: unknown): readonly z.ZodType[] {
  if (models.length < 2) return models;
  const given = withoutNothing(value);
  const counted = models.map((model) => ({ model, misfits: misfits(model, given) }));
  const least = Math.min(...counted.map((each) => each.misfits));
  return counted.filter((each) => each.misfits === least).map(({ model }) => model);
}

function misfits(model: z.ZodType, value: unknown): number {
  const counts = (model.safeParse(value).error?.issues ?? []).map((issue) => {
    if (issue.code === 'unrecognized_keys') return issue.keys.length;
    const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
    const found = valueAt(value, path);
    const isOtherWord = issue.code === 'invalid_value' && !(typeof found === 'string' && found.includes('${'));
    return found === undefined || isOtherWord ? 1 : 0;
  });
  return counts.reduce<number>((sum, count) => sum + count, 0);
}

/** An empty key (`role:`) counts as absent. */
function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNothing);
  if (!isMapping(value)) return value;
  const given = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  return Object.fromEntries(given.map(([key, inner]) => [key, withoutNothing(inner)]));
}

function hasType(option: z.ZodType, type: unknown): boolean {
  const inner = stepInto(option, undefined, 'type');
  const literal = inner === undefined ? undefined : unwrapped(inner);
  return literal instanceof z.ZodLiteral && typeof type === 'string' && literal.values.has(type);
}

/** The model of one key or item of `value`; undefined if the model has none. */
export function stepInto(schema: z.ZodType, value: unknown, key: string | number): z.ZodType | undefined {
  const model = unwrapped(schema);
  if (model instanceof z.ZodObject) {
    const inner: unknown = Object.hasOwn(model.shape, key) ? model.shape[key] : model.def.catchall;
    return inner instanceof z.ZodType ? inner : undefined;
  }
  if (model instanceof z.ZodRecord) return model.valueType instanceof z.ZodType ? model.valueType : undefined;
  if (model instanceof z.ZodArray) return model.element instanceof z.ZodType ? model.element : undefined;
  if (model instanceof z.ZodUnion) {
    const option = matchingOption(model, value);
    return option === undefined ? undefined : stepInto(option, value, key);
  }
  return undefined;
}

/** The model at `path` of `root`, unwrapped; of a union, the option that is meant. */
export function modelAt(schema: z.ZodType, root: unknown, path: RecipePath): z.ZodType | undefined {
  const model = unionAt(schema, root, path);
  const value = path.length === 0 ? root : valueAt(root, path);
  return model instanceof z.ZodUnion ? (matchingOption(model, value) ?? model) : model;
}

/** The same, a union as a whole. */
export function unionAt(schema: z.ZodType, root: unknown, path: RecipePath): z.ZodType | undefined {
  let model: z.ZodType | undefined = unwrapped(schema);
  let value = root;
  for (const key of path) {
    const inner: z.ZodType | undefined = stepInto(model, value, key);
    if (inner === undefined) return undefined;
    model = unwrapped(inner);
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  }
  return model;
}
