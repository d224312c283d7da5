import { z } from 'zod';
import {
  type Environment,
  expandVariables,
  hasUserInUrl,
  hasVariables,
  holdsSecret,
  isSecretLeaf,
  isSecretReference,
  LEAST_SECRET_NUMBER,
  looksLikeSecretKey,
  namesSecret,
} from '../secrets/index.js';
import { coerced } from './coerce.js';
import type { Findings } from './findings.js';
import { placeholderProblem, unquotedPlaceholder, valuePlaceholderProblem } from './placeholders.js';
import { isMapping, type RecipePath } from './recipe-path.js';
import { matchingOption, stepInto, unwrapped } from './schema-steps.js';
import type { SecretPlaces } from './secret-places.js';

/** For free mappings (driver arguments); the models themselves are not as deep. */
const DEEPEST = 30;

/**
 * Prepares a recipe for its model: variables are replaced, secrets become references, text that means numbers and
 * booleans is coerced, empty keys are left out. What the model doesn't know is left alone, for the model to refuse.
 */
export class ValuePreparation {
  constructor(
    private readonly findings: Findings,
    private readonly secrets: SecretPlaces,
    private readonly environment: Environment
  ) {}

  prepare(schema: z.ZodType, value: unknown, path: RecipePath = []): unknown {
    const model = unwrapped(schema);
    if (model instanceof z.ZodNever || model instanceof z.ZodAny) return value;
    if (model instanceof z.ZodUnknown) return this.#free(value, path);
    if (model instanceof z.ZodUnion) return this.prepare(matchingOption(model, value) ?? z.never(), value, path);
    if (Array.isArray(value)) {
      return value.map((item, index) =>
        this.prepare(stepInto(model, value, index) ?? z.never(), item, [...path, index])
      );
    }
    if (isMapping(value)) return this.#mapping(model, value, path);
    if (isSecretLeaf(model)) return this.#secret(value, path);
    return typeof value === 'string' ? coerced(model, this.#text(value, path)) : coerced(model, value);
  }

  #mapping(model: z.ZodType, value: Record<string, unknown>, path: RecipePath): unknown {
    const placeholder = unquotedPlaceholder(value);
    if (placeholder !== undefined && !(model instanceof z.ZodObject || model instanceof z.ZodRecord)) {
      const problem = placeholderProblem(placeholder, isSecretLeaf(model));
      if (problem !== undefined) this.findings.problem(path, problem);
      return value;
    }
    return this.#entries(value, (key, inner) => {
      const at = [...path, key];
      const step = stepInto(model, value, key) ?? z.never();
      // keys of free mappings have no model: their names tell which are secret
      const named = model instanceof z.ZodRecord && !isSecretLeaf(unwrapped(step));
      return named ? this.#named(key, inner, at) : this.prepare(step, inner, at);
    });
  }

  /** An empty key (`role:`) counts as absent. */
  #entries(value: Record<string, unknown>, prepare: (key: string, inner: unknown) => unknown): Record<string, unknown> {
    const given = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
    return Object.fromEntries(given.map(([key, inner]) => [key, prepare(key, inner)]));
  }

  #free(value: unknown, path: RecipePath, isBelowSecret = false): unknown {
    if (path.length > DEEPEST) {
      this.findings.problem(path.slice(0, DEEPEST), 'is nested too deeply.');
      return undefined;
    }
    if (Array.isArray(value)) return value.map((item, index) => this.#free(item, [...path, index], isBelowSecret));
    if (isMapping(value))
      return this.#entries(value, (key, inner) => this.#named(key, inner, [...path, key], isBelowSecret));
    if (isBelowSecret && isSecretValue(value, path)) return this.#secret(value, path);
    if (typeof value !== 'string') return value;
    return isSecretText(value) ? this.#secret(value, path) : this.#text(value, path);
  }

  /** What stands below a key that names a secret is one too. */
  #named(key: string, value: unknown, path: RecipePath, isBelowSecret = false): unknown {
    return this.#free(value, path, isBelowSecret || namesSecret(key));
  }

  #secret(value: unknown, path: RecipePath): unknown {
    if (typeof value === 'string') return this.secrets.reference(path, value);
    if (typeof value === 'number') this.findings.secret(path, String(value), true);
    const kind = typeof value === 'number' ? 'a number' : 'a boolean';
    this.findings.problem(path, `is ${kind} to YAML, which may change it. Put it in quotes, or write \${VARIABLE}.`);
    return undefined;
  }

  #text(text: string, path: RecipePath): string {
    const isValue = path.at(-2) === 'partitionValues';
    const placeholder = isValue ? valuePlaceholderProblem(text) : placeholderProblem(text);
    if (placeholder !== undefined) {
      this.findings.problem(path, placeholder);
      return text;
    }
    const { text: expanded, problems } = expandVariables(text, this.environment);
    for (const problem of problems) this.findings.problem(path, problem);
    if (problems.length > 0 || !isSecretReference(expanded)) return expanded;
    const what = hasVariables(expanded)
      ? 'holds a variable inside the value of a variable'
      : 'is written like a reference to a secret';
    this.findings.problem(path, `${what}, but this key isn't a secret. Write the value itself.`);
    return text;
  }
}

/** A flag tells nothing; nor does a small number under a short name, `max_pass: 3`. */
function isSecretValue(value: unknown, path: RecipePath): boolean {
  if (typeof value === 'number') return value >= LEAST_SECRET_NUMBER || looksLikeSecretKey(String(path.at(-1)));
  return typeof value === 'string';
}

/** What stands beside a variable, or is its default, counts as without it. */
function isSecretText(text: string): boolean {
  return hasUserInUrl(text) || holdsSecret(expandVariables(text, {}).text);
}
