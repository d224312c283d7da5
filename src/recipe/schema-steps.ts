import { z } from 'zod';
import { isMapping, type RecipePath } from './recipe-path.js';

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
 * mapping.
 */
export function matchingOption(union: z.ZodUnion, value: unknown): z.ZodType | undefined {
  const options = union.options.filter((option) => option instanceof z.ZodType).map(unwrapped);
  if (union instanceof z.ZodDiscriminatedUnion)
    return options.find((option) => isMapping(value) && hasType(option, value['type']));
  const wanted = Array.isArray(value) ? ['array'] : isMapping(value) ? ['object', 'record'] : ['string'];
  const fitting = options.filter((option) => wanted.includes(option.def.type));
  return fitting.find((option) => isMapping(value) && hasType(option, value['type'])) ?? fitting[0];
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

/** The model at `path` of `root`, unwrapped. */
export function modelAt(schema: z.ZodType, root: unknown, path: RecipePath): z.ZodType | undefined {
  let model: z.ZodType | undefined = unwrapped(schema);
  let value = root;
  for (const key of path) {
    const inner: z.ZodType | undefined = stepInto(model, value, key);
    if (inner === undefined) return undefined;
    model = unwrapped(inner);
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  }
  return model instanceof z.ZodUnion ? (matchingOption(model, value) ?? model) : model;
}
