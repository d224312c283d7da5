import type { z } from 'zod';
import { badRequest } from '../api-error.js';

const MAX_ISSUES = 5;
const MAX_CHOICES = 12;

/**
 * Checks a body against its model.
 * @throws ApiError 400 naming the first few faults, each with its path
 */
export function parseBody<T>(model: z.ZodType<T>, body: unknown): T {
  const result = model.safeParse(body);
  if (result.success) return result.data;
  const issues = result.error.issues;
  const lines = issues.slice(0, MAX_ISSUES).map(describe);
  const more = issues.length > MAX_ISSUES ? `; and ${issues.length - MAX_ISSUES} more` : '';
  throw badRequest(`Invalid request body: ${lines.join('; ')}${more}`);
}

function describe(issue: z.core.$ZodIssue): string {
  const place = pathText(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => `"${key}"`).join(', ');
    return `unrecognized field ${keys}${place === '' ? '' : ` in ${place}`}`;
  }
  if (issue.code === 'invalid_value') {
    const choices = issue.values.slice(0, MAX_CHOICES).map(String).join(', ');
    const rest = issue.values.length > MAX_CHOICES ? `, … (${issue.values.length} in all)` : '';
    return `${place}: must be one of ${choices}${rest}`;
  }
  return `${place === '' ? 'body' : place}: ${issue.message}`;
}

/** `[3].columns[0].dataType` */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}
