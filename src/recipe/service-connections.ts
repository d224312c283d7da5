import { z } from 'zod';
import { factsOf } from '../contract/kinds.js';
import { didYouMean, listed } from '../errors/index.js';
import { trySplitFqn } from '../openmetadata/index.js';
import { allSources, type ConnectionModel } from '../sources/index.js';
import { connectorsOf } from './any-connection.js';
import type { Recipe } from './recipe-model.js';
import { isMapping, valueAt, type RecipePath } from './recipe-path.js';

/** A connection that a recipe gives for a service. */
export interface GivenConnection {
  readonly serviceName: string;
  /** Connector type, in lower case. */
  readonly type: string;
  /** serviceConnection.config; its secret leaves contain references. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Where it is in the recipe. */
  readonly path: string;
  readonly place: RecipePath;
}

/** An entry of `serviceConnections`. */
export interface ListedConnection {
  readonly serviceName: string;
  readonly serviceConnection: { readonly config: Readonly<Record<string, unknown>> };
}

const OWN = ['source', 'serviceConnection', 'config'] as const;
const LISTED = ['source', 'sourceConfig', 'config', 'serviceConnections'] as const;

/** sourceConfig.config.serviceConnections: connections of the services that a run uses, for kinds that use several. */
export const serviceConnections = (connection: ConnectionModel): z.ZodType<readonly ListedConnection[]> =>
  z.array(
    z
      .strictObject({
        serviceName: z.string().min(1).describe('Name of the database service in OpenMetadata.'),
        serviceConnection: z.strictObject({ config: connection }).meta({ title: 'serviceConnection' }),
      })
      .meta({ title: 'serviceConnections' })
  );

const holder = z.looseObject({
  entityFullyQualifiedName: z.exactOptional(z.string()),
  serviceConnections: z.exactOptional(
    z.array(
      z.object({ serviceName: z.string(), serviceConnection: z.object({ config: z.record(z.string(), z.unknown()) }) })
    )
  ),
});

/**
 * Every connection that the recipe gives: those of its `serviceConnections`, then that of its source. In a recipe that
 * isn't of one service, that is the connection of the service whose table it names.
 */
export function connectionsOf({ kind, source }: Recipe): readonly GivenConnection[] {
  const { type, serviceName, serviceConnection, sourceConfig } = source;
  const config = holder.safeParse(sourceConfig.config).data;
  const given = (config?.serviceConnections ?? []).map(({ serviceName: name, serviceConnection: each }, index) =>
    itself(name, each.config, [...LISTED, index, 'serviceConnection', 'config'])
  );
  if (serviceConnection === undefined) return given;
  if (factsOf(kind).sourceType === undefined)
    return [...given, { serviceName, type, config: serviceConnection.config, path: OWN.join('.'), place: OWN }];
  const service = trySplitFqn(config?.entityFullyQualifiedName ?? '')?.[0] ?? serviceName;
  return [...given, itself(service, serviceConnection.config, OWN)];
}

/** A connection that says itself what it is. */
function itself(serviceName: string, config: GivenConnection['config'], place: RecipePath): GivenConnection {
  return {
    serviceName,
    type: connectorsOf(config)[0] ?? String(config['type']).toLowerCase(),
    config,
    path: place.join('.'),
    place,
  };
}

/** What is wrong with the `type` of connections that say themselves what they are: none is checked without it. */
export function connectionProblems(
  recipe: unknown
): { readonly path: (string | number)[]; readonly message: string }[] {
  if (!isMapping(recipe)) return [];
  const list = valueAt(recipe, LISTED);
  const paths = (Array.isArray(list) ? list : []).map((_, index) => [...LISTED, index, 'serviceConnection', 'config']);
  return [[...OWN], ...paths].flatMap((path) => {
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
    return `\`${String(type)}\` is what the connectors ${connectors.join(' and ')} call their services, and this connection fits each alike. Their models need a key that tells them apart.`;
  if (type === undefined) return `is required and missing. Allowed: ${listed(allowed)}.`;
  if (typeof type !== 'string') return `must be text. Allowed: ${listed(allowed)}.`;
  return `found \`${type.slice(0, 40)}\`. Allowed: ${listed(allowed)}.${didYouMean(type, allowed)}`;
}
