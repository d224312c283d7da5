import { z } from 'zod';
import { beginning, didYouMean, listed } from '../errors/index.js';
import { DATABASE_SERVICE_TYPES } from '../openmetadata/index.js';
import { DIALECTS } from '../sql/dialect.js';
import { NAME_FOLDINGS, SOURCE_FEATURES } from './source-spec.js';

/** What the compiler would say of a spec; JavaScript has none. Undefined for one that is whole. */
export function specProblem(spec: unknown): string | undefined {
  const given: Readonly<Record<string, unknown>> = typeof spec === 'object' && spec !== null ? { ...spec } : {};
  return (
    wordProblem('serviceType', given['serviceType'], DATABASE_SERVICE_TYPES) ??
    wordProblem('dialect', given['dialect'], DIALECTS, '; `ansi` for an engine of none of them') ??
    wordProblem('unquotedNames', given['unquotedNames'], NAME_FOLDINGS) ??
    (Array.isArray(given['supports'])
      ? given['supports'].map((feature: unknown) => wordProblem('supports', feature, SOURCE_FEATURES)).find(Boolean)
      : 'its `supports` is no list.') ??
    (Array.isArray(given['connectionTest']) ? undefined : 'its `connectionTest` is no list.') ??
    (given['connection'] instanceof z.ZodType
      ? undefined
      : 'its `connection` is no model made by the `z` of this package.') ??
    (typeof given['load'] === 'function' ? undefined : 'its `load` is no function.')
  );
}

function wordProblem(key: string, word: unknown, allowed: readonly string[], more = ''): string | undefined {
  if (typeof word === 'string' && allowed.includes(word)) return undefined;
  const found = typeof word === 'string' ? `\`${beginning(word, 40)}\`` : 'no text';
  const guess = typeof word === 'string' ? didYouMean(word, allowed) : '';
  return `its \`${key}\` has ${found}.${guess} Allowed: ${listed(allowed)}${more}.`;
}
