import { z } from 'zod';
import { isSecretLeaf } from './secret-leaf.js';

/** Keys under which a model has a secret leaf, at any depth. */
export function secretKeysOf(model: z.ZodType): ReadonlySet<string> {
  const keys = new Set<string>();
  collect(model, undefined, keys, new Set());
  return keys;
}

function collect(model: unknown, key: string | undefined, keys: Set<string>, seen: Set<unknown>): void {
  if (!(model instanceof z.ZodType) || seen.has(model)) return;
  if (key !== undefined && isSecretLeaf(model)) keys.add(key);
  // a leaf may be under several keys
  if (!(model instanceof z.ZodString)) seen.add(model);
  if (model instanceof z.ZodObject) {
    for (const [name, inner] of Object.entries(model.shape)) collect(inner, name, keys, seen);
  } else if (model instanceof z.ZodUnion) {
    for (const option of model.options) collect(option, key, keys, seen);
  } else if (model instanceof z.ZodArray) {
    collect(model.element, key, keys, seen);
  } else if (model instanceof z.ZodRecord) {
    collect(model.valueType, undefined, keys, seen);
  } else if (model instanceof z.ZodOptional || model instanceof z.ZodExactOptional || model instanceof z.ZodDefault) {
    collect(model.unwrap(), key, keys, seen);
  }
}
