import { z } from 'zod';
import { allSources } from '../sources/index.js';
import type { Recipe } from './recipe-model.js';

/** A connection that a recipe gives for a service. */
export interface GivenConnection {
  readonly serviceName: string;
  /** Connector type, in lower case. */
  readonly type: string;
  /** serviceConnection.config; its secret leaves contain references. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Where it is in the recipe. */
  readonly path: string;
}

/** A connection for the connector named by its `type` (OpenMetadata's serviceType, `Mysql`). */
const anyConnection: z.ZodType<Readonly<Record<string, unknown>>> = z.lazy(() => {
  const models = new Map(allSources().map(({ serviceType, connection }) => [serviceType, connection] as const));
  return z.union([...models.values()]);
});

/** sourceConfig.config.serviceConnections: connections of the services that a run uses, for kinds that use several. */
export const serviceConnections = z.array(
  z
    .strictObject({
      serviceName: z.string().min(1).describe('Name of the database service in OpenMetadata.'),
      serviceConnection: z.strictObject({ config: anyConnection }).meta({ title: 'serviceConnection' }),
    })
    .meta({ title: 'serviceConnections' })
);

const holder = z.looseObject({ serviceConnections: z.exactOptional(serviceConnections) });

/** Every connection that the recipe gives: that of its source, then those of its `serviceConnections`. */
export function connectionsOf({ source }: Recipe): readonly GivenConnection[] {
  const { type, serviceName, serviceConnection, sourceConfig } = source;
  const own = serviceConnection === undefined ? [] : [{ serviceName, type, config: serviceConnection.config }];
  const listed = holder.safeParse(sourceConfig.config).data?.serviceConnections ?? [];
  return [
    ...own.map((each) => ({ ...each, path: 'source.serviceConnection.config' })),
    ...listed.map(({ serviceName: name, serviceConnection: { config } }, index) => ({
      serviceName: name,
      type: typeOfService(config['type']) ?? String(config['type']).toLowerCase(),
      config,
      path: `source.sourceConfig.config.serviceConnections.${index}.serviceConnection.config`,
    })),
  ];
}

/** The connector of an OpenMetadata serviceType; undefined when there is none. */
export function typeOfService(serviceType: unknown): string | undefined {
  return allSources().find((source) => source.serviceType === serviceType)?.type;
}
