import { z } from 'zod';

/** Keys that recipes may have but that change nothing: `validate` says so when one isn't set to its default. */
const NO_EFFECT = z.registry<{ readonly why: string }>();

/**
 * Marks the model of a key without effect and describes it as such. It must be the outermost model of the key, except
 * for `exactOptional`.
 * @param why a sentence that says why there is none; default: none in this version
 */
export function withoutEffect<Model extends z.ZodType>(model: Model, why?: string): Model {
  const described = model.describe(why === undefined ? 'No effect in this version.' : `No effect: ${why}`);
  NO_EFFECT.add(described, { why: why === undefined ? 'has no effect in this version.' : `has no effect: ${why}` });
  return described;
}

/** Why a key of this model has no effect; undefined when it has one. */
export function whyNoEffect(model: z.ZodType): string | undefined {
  return NO_EFFECT.get(model)?.why;
}
