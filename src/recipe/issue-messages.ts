import { z } from 'zod';
import { isSecretLeaf } from '../secrets/index.js';
import { didYouMean, listed } from '../errors/index.js';
import { isMapping, type RecipePath, valueAt } from './recipe-path.js';
import { literalsAt, matchingOption, modelAt, stepInto, unionAt, unwrapped } from './schema-steps.js';

/** Characters of a value that a message may show; of a longer value only the length is given. */
const LONGEST_SHOWN = 40;
/** Unknown keys of a mapping for which a similar one is looked for: more than a refusal shows. */
const MOST_EXPLAINED = 50;

export interface IssueMessage {
  readonly path: RecipePath;
  readonly message: string;
}

/**
 * What zod found, in words: what was found, what is allowed, and the nearest allowed value. Never shows the value of a
 * secret leaf.
 */
export function issueMessages(model: z.ZodType, root: unknown, issue: z.core.$ZodIssue): IssueMessage[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') {
    const known = modelAt(model, root, path);
    return issue.keys.map((key, index) => {
      return { path: [...path, key], message: index < MOST_EXPLAINED ? unknownKey(known, key) : 'unknown key.' };
    });
  }
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined) {
    const types = discriminators(modelAt(model, root, path.slice(0, -1)));
    return [{ path, message: `must be one of ${listed(types)}.` }];
  }
  const meant =
    issue.code === 'invalid_union' ? issuesOfMeant(issue, unionAt(model, root, path), valueAt(root, path)) : [];
  if (meant.length > 0)
    return meant.flatMap((each) => issueMessages(model, root, { ...each, path: [...issue.path, ...each.path] }));
  return [{ path, message: messageOf(issue, modelAt(model, root, path), valueAt(root, path)) }];
}

/** What is wrong with a mapping by the one option of a union that it means, instead of `none fits`. */
function issuesOfMeant(
  { errors }: z.core.$ZodIssueInvalidUnion,
  union: z.ZodType | undefined,
  value: unknown
): readonly z.core.$ZodIssue[] {
  if (!(union instanceof z.ZodUnion) || !isMapping(value)) return [];
  const meant = matchingOption(union, value);
  const index = union.options.findIndex((option) => option instanceof z.ZodType && unwrapped(option) === meant);
  return (errors[index] ?? []).map((issue) => {
    const [key] = issue.path;
    if (issue.code !== 'invalid_value' || issue.path.length !== 1 || typeof key !== 'string') return issue;
    const words = literalsAt(union, key);
    return words.length === 0 ? issue : { ...issue, values: [...words] };
  });
}

function messageOf(issue: z.core.$ZodIssue, model: z.ZodType | undefined, value: unknown): string {
  const found = foundText(value, model !== undefined && isSecretLeaf(model));
  switch (issue.code) {
    case 'invalid_type':
      return value === undefined ? missing(model) : wrongType(model, value, found);
    case 'invalid_value': {
      const allowed = issue.values.map(String);
      if (value === undefined) return missing(model);
      const guess = typeof value === 'string' ? didYouMean(value, allowed) : '';
      return `found ${found}. Allowed: ${listed(allowed)}.${guess}`;
    }
    case 'too_small':
      if (issue.origin === 'string') return 'is empty.';
      return issue.origin === 'array' ? 'is an empty list.' : `found ${found}; the least is ${issue.minimum}.`;
    case 'too_big':
      return `found ${found}; the most is ${issue.maximum}.`;
    case 'invalid_format':
      if (issue.format === 'url') return `found ${found}; expected a URL.`;
      return issue.format === 'guid' ? `found ${found}; expected a UUID.` : issue.message;
    case 'invalid_union':
      return value === undefined ? missing(model) : `found ${found}; expected ${expectation(model)}.`;
    case 'custom':
      return issue.message;
    default:
      return `found ${found}; expected ${expectation(model)}.`;
  }
}

function missing(model: z.ZodType | undefined): string {
  const hint = model?.description;
  return `is required and missing.${hint === undefined ? '' : ` ${hint}`}`;
}

function wrongType(model: z.ZodType | undefined, value: unknown, found: string): string {
  const quotes =
    model?.def.type === 'string' && ['number', 'boolean'].includes(typeof value) ? ' Put it in quotes.' : '';
  const list = model instanceof z.ZodArray && typeof value === 'string' ? " Write it as a list: `['…']`." : '';
  return `found ${found}; expected ${expectation(model)}.${quotes}${list}`;
}

function unknownKey(model: z.ZodType | undefined, key: string): string {
  if (!(model instanceof z.ZodObject)) return 'unknown key.';
  const keys = Object.keys(model.shape).sort();
  const below = keys.find((name) => {
    const inner: unknown = model.shape[name];
    const mapping = inner instanceof z.ZodType ? unwrapped(inner) : undefined;
    return mapping instanceof z.ZodObject && Object.hasOwn(mapping.shape, key);
  });
  const guess = below === undefined ? didYouMean(key, keys) : ` Did you mean \`${below}.${key}\`?`;
  return `unknown key.${guess} Keys of ${model.meta()?.title ?? 'this mapping'}: ${keys.join(', ')}.`;
}

function expectation(model: z.ZodType | undefined): string {
  if (model instanceof z.ZodNumberFormat) return 'a whole number';
  if (model instanceof z.ZodNumber) return 'a number';
  if (model instanceof z.ZodBoolean) return 'true or false';
  if (model instanceof z.ZodArray) return 'a list';
  if (model instanceof z.ZodObject || model instanceof z.ZodRecord) return 'a mapping (`key: value` lines)';
  if (model instanceof z.ZodUnion) {
    const options = model.options.filter((option) => option instanceof z.ZodType).map(unwrapped);
    return [...new Set(options.map(expectation))].join(' or ');
  }
  return model?.meta()?.title ?? 'text';
}

function foundText(value: unknown, secret: boolean): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (isMapping(value)) return 'a mapping';
  if (secret) return `a ${typeof value}`;
  if (typeof value === 'number' || typeof value === 'boolean') return `the ${typeof value} ${value}`;
  if (typeof value !== 'string') return `a ${typeof value}`;
  if (value === '') return 'an empty text';
  return shown(value) ?? `a string of ${value.length} characters`;
}

/** A short value in back-ticks, without credentials in URLs. */
function shown(value: string): string | undefined {
  return value.length > LONGEST_SHOWN ? undefined : `\`${value.replace(/[^/\s]*@/g, '***@')}\``;
}

function discriminators(model: z.ZodType | undefined): string[] {
  const options = model instanceof z.ZodDiscriminatedUnion ? model.options : [];
  const literals = options.map((option) =>
    option instanceof z.ZodType ? stepInto(option, undefined, 'type') : undefined
  );
  return literals.flatMap((literal) => (literal instanceof z.ZodLiteral ? [...literal.values].map(String) : []));
}
