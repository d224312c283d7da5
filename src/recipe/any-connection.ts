import { z } from 'zod';
import { allSources, type ConnectionModel, type Source } from '../sources/index.js';
import { bestFitting } from './schema-steps.js';

let made: { readonly sources: readonly Source[]; readonly model: ConnectionModel } | undefined;

/**
 * The model of a connection that says itself what it is, by its `type` (OpenMetadata's serviceType, `Mysql`). The same
 * object until a connector is added.
 */
export function anyConnection(): ConnectionModel {
  const sources = allSources();
  if (made?.sources.length !== sources.length || made.sources.some((source, index) => source !== sources[index]))
    made = { sources, model: z.union(sources.map(({ connection }) => connection)) };
  return made.model;
}

/**
 * The types of the connectors that a connection can be of: those with its serviceType, and of several
 * (`CustomDatabase`) those whose model it fits best. Empty when there is none, several when nothing tells them apart.
 * @param serviceType default: the connection's `type`
 */
export function connectorsOf(
  config: Readonly<Record<string, unknown>>,
  serviceType: unknown = config['type']
): readonly string[] {
  const sources = allSources().filter((source) => source.serviceType === serviceType);
  const fitting = bestFitting(
    sources.map(({ connection }) => connection),
    config
  );
  return sources.filter(({ connection }) => fitting.includes(connection)).map(({ type }) => type);
}
