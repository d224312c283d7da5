import { z } from 'zod';
import { AuthenticationError, PermanentError, listed } from '../errors/index.js';
import { isSecretLeaf, namesSecret, registerSecret } from '../secrets/index.js';
import { issueMessages } from './issue-messages.js';
import { MASKED } from './placeholders.js';
import { dotted, isMapping, type RecipePath } from './recipe-path.js';
import { stepInto, unwrapped } from './schema-steps.js';
import { connectionModel, sourceTypes } from '../sources/index.js';

/** The secret of a `secret:…` reference at `path` in a service's connection. */
export type ReadManaged = (reference: string, path: string) => Promise<string>;

/**
 * Checks the connection of a service as received from OpenMetadata. Keys that this version doesn't know are left out:
 * the server may be newer. The result holds secrets (registered for redaction): keep it inside the activity that opens
 * the connection.
 * @param type connector type or OpenMetadata's serviceType, in any case: `mysql`, `Mysql`.
 * @param managed reads what the server keeps in its secret manager, by the whole reference
 * @throws AuthenticationError when secrets are masked, PermanentError when it can't be used.
 */
export async function parseFetchedConnection(
  type: string,
  value: unknown,
  managed: ReadManaged
): Promise<Readonly<Record<string, unknown>>> {
  const model = connectionModel(type.toLowerCase());
  if (model === undefined) {
    throw new PermanentError(
      `there is no connector for the service type \`${type}\`. Connectors: ${listed(sourceTypes())}.`
    );
  }
  if (!isMapping(value)) {
    throw new PermanentError('OpenMetadata has no connection for this service.', {
      remedy: 'Write source.serviceConnection into the recipe, or edit the connection of the service in OpenMetadata.',
    });
  }
  const known = await usable(model, value, [], managed);
  const result = model.safeParse(known);
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => issueMessages(model, known, issue));
  const told = problems.map(({ path, message }) => `${dotted(path)}: ${message}`).join(' ');
  throw new PermanentError(`the connection of the service in OpenMetadata can't be used: ${told}`, {
    remedy: 'Edit it in OpenMetadata, or write source.serviceConnection into the recipe.',
  });
}

/** `value` without nulls and without what the model doesn't know; throws for secrets that aren't there. */
async function usable(schema: z.ZodType, value: unknown, path: RecipePath, managed: ReadManaged): Promise<unknown> {
  const model = unwrapped(schema);
  if (typeof value === 'string') return usableText(value, isSecret(model, path), path, managed);
  if (typeof value === 'number' && isSecret(model, path)) registerSecret(String(value));
  if (Array.isArray(value)) {
    return Promise.all(
      value.map((item, index) => usable(stepInto(model, value, index) ?? z.unknown(), item, [...path, index], managed))
    );
  }
  if (!isMapping(value)) return value;
  const entries: [string, unknown][] = [];
  for (const [key, inner] of Object.entries(value)) {
    const step = model instanceof z.ZodUnknown ? model : (stepInto(model, value, key) ?? z.never());
    // patterns of a connection are for a form in OpenMetadata's UI; a faulty one must not stop a run from connecting
    const left = inner === null || step instanceof z.ZodNever || key.endsWith('FilterPattern');
    if (!left) entries.push([key, await usable(step, inner, [...path, key], managed)]);
  }
  return Object.fromEntries(entries);
}

/** In free mappings the names tell, also of what stands below. */
function isSecret(model: z.ZodType, path: RecipePath): boolean {
  const free = path.findIndex((key) => key === 'connectionArguments' || key === 'connectionOptions');
  const names = free === -1 ? path.slice(-1) : path.slice(free + 1);
  return isSecretLeaf(model) || names.some((key) => namesSecret(String(key)));
}

async function usableText(text: string, secret: boolean, path: RecipePath, managed: ReadManaged): Promise<string> {
  if (text === MASKED) {
    throw new AuthenticationError(
      'OpenMetadata masked the secrets of the connection of this service: the token is not that of a bot.',
      {
        where: dotted(path),
        remedy: 'Use the token of a bot (Settings, Bots), or write source.serviceConnection into the recipe.',
      }
    );
  }
  if (secret && text.startsWith('secret:')) return managed(text, dotted(path));
  if (secret) registerSecret(text);
  return text;
}
