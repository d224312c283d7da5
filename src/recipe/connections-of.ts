import { z } from 'zod';
import { factsOf } from '../contract/kinds.js';
import { connectorsOf } from './any-connection.js';
import { listedConnection, OWN_CONNECTION } from './connection-places.js';
import type { Recipe } from './recipe-model.js';
import type { RecipePath } from './recipe-path.js';
import { testedService } from './what-it-opens.js';

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

const holder = z.looseObject({
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
    itself(name, each.config, listedConnection(index))
  );
  if (serviceConnection === undefined) return given;
  if (factsOf(kind).sourceType === undefined)
    return [
      ...given,
      {
        ...{ serviceName, type, config: serviceConnection.config },
        ...{ path: OWN_CONNECTION.join('.'), place: OWN_CONNECTION },
      },
    ];
  return [...given, itself(testedService(config ?? {}) ?? serviceName, serviceConnection.config, OWN_CONNECTION)];
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
