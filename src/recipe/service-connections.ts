import { z } from 'zod';
import { beginning, didYouMean, listed } from '../errors/index.js';
import { LONGEST_NAME } from '../openmetadata/index.js';
import { allSources, type ConnectionModel } from '../sources/index.js';
import { connectorsOf } from './any-connection.js';
import { connectionPlaces, listedConnection, OWN_CONNECTION } from './connection-places.js';
import { dotted, isMapping, valueAt, type RecipePath } from './recipe-path.js';
import { testedService } from './what-it-opens.js';

/** An entry of `serviceConnections`. */
export interface ListedConnection {
  readonly serviceName: string;
  readonly serviceConnection: { readonly config: Readonly<Record<string, unknown>> };
}

/** sourceConfig.config.serviceConnections: connections of the services that a run uses, for kinds that use several. */
export const serviceConnections = (connection: ConnectionModel): z.ZodType<readonly ListedConnection[]> =>
  z.array(
    z
      .strictObject({
        serviceName: z.string().min(1).max(LONGEST_NAME).describe('Name of the database service in OpenMetadata.'),
        serviceConnection: z.strictObject({ config: connection }).meta({ title: 'serviceConnection' }),
      })
      .meta({ title: 'serviceConnections' })
  );

type HeldConnections = {
  readonly entityFullyQualifiedName?: string;
  readonly serviceConnections?: readonly { readonly serviceName: string }[];
};

/** One service, one connection: a second one would have no effect. */
export function repeatedServices(source: {
  readonly serviceName: string;
  readonly serviceConnection?: unknown;
  readonly sourceConfig: { readonly config: HeldConnections };
}): readonly { readonly path: RecipePath; readonly message: string }[] {
  const { config } = source.sourceConfig;
  const places = new Map<string, RecipePath>();
  if (source.serviceConnection !== undefined) places.set(testedService(config) ?? source.serviceName, OWN_CONNECTION);
  return (config.serviceConnections ?? []).flatMap(({ serviceName }, index) => {
    const earlier = places.get(serviceName);
    const path = listedConnection(index);
    if (earlier === undefined) places.set(serviceName, path);
    else
      return [
        {
          path: [...path.slice(0, -2), 'serviceName'],
          message: `is \`${serviceName}\`, whose connection is at ${dotted(earlier)} too. Leave one of the two.`,
        },
      ];
    return [];
  });
}

/** What is wrong with the `type` of connections that say themselves what they are: none is checked without it. */
export function connectionProblems(
  recipe: unknown
): { readonly path: (string | number)[]; readonly message: string }[] {
  if (!isMapping(recipe)) return [];
  return connectionPlaces(recipe).flatMap((path) => {
    const config = valueAt(recipe, path);
    const message = isMapping(config) ? typeProblem(config) : undefined;
    return message === undefined ? [] : [{ path: [...path, 'type'], message }];
  });
}

function typeProblem(config: Readonly<Record<string, unknown>>): string | undefined {
  const { type } = config;
  const allowed = [...new Set(allSources().map(({ serviceType }) => serviceType))];
  const connectors = connectorsOf(config);
  if (connectors.length === 1) return undefined;
  if (connectors.length > 1)
    return `\`${String(type)}\` is what the connectors ${connectors.join(' and ')} call their services, and this connection fits each alike. Their models need a key that tells them apart: a literal, or a required key of its own.`;
  if (type === undefined) return `is required and missing. Allowed: ${listed(allowed)}.`;
  if (typeof type !== 'string') return `must be text. Allowed: ${listed(allowed)}.`;
  return `found \`${beginning(type, 40)}\`. Allowed: ${listed(allowed)}.${didYouMean(type, allowed)}`;
}
