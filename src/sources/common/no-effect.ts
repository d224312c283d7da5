import { z } from 'zod';

/** Keys that recipes may have and that change nothing: `validate` says so when one is given another value than its default. */
const NO_EFFECT = z.registry<{ readonly why: string }>();

/** Marks a model as one of a key without effect. @param why one sentence for the warning, without its subject: `is not read.` */
export function withoutEffect<Model extends z.ZodType>(model: Model, why = 'has no effect in this version.'): Model {
  NO_EFFECT.add(model, { why });
  return model;
}

/** Why a key of this model has no effect; undefined when it has one. */
export function whyNoEffect(model: z.ZodType): string | undefined {
  return NO_EFFECT.get(model)?.why;
}
