import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Source } from '../../sources/index.js';

const VARIABLE = 'OM_INGEST_CONNECTORS';

/**
 * Adds the connectors of the modules that OM_INGEST_CONNECTORS names: files or installed packages, separated by commas.
 * A module's default export is what `defineSource` made, or a list of such.
 *
 * @throws Error naming the module that can't be loaded or exports no connector, PermanentError for a type that is taken
 */
export async function loadConnectorModules(environment: NodeJS.ProcessEnv): Promise<void> {
  const names = (environment[VARIABLE] ?? '').split(',').flatMap((name) => name.trim() || []);
  if (names.length === 0) return;
  const { registerSources } = await import('../../sources/index.js');
  for (const name of names) registerSources(connectorsOf(name, await load(name)));
}

async function load(name: string): Promise<unknown> {
  const file = resolve(name);
  try {
    return await import(existsSync(file) ? pathToFileURL(file).href : name);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${VARIABLE} names ${name}, which can't be loaded: ${reason}`, { cause: error });
  }
}

function connectorsOf(name: string, module: unknown): readonly Source[] {
  const found: unknown = typeof module === 'object' && module !== null ? Reflect.get(module, 'default') : undefined;
  const sources: readonly unknown[] = Array.isArray(found) ? found : [found];
  if (sources.every(isSource)) return sources;
  throw new Error(
    `${VARIABLE} names ${name}, whose default export isn't a connector. Export what defineSource returned, or a list of these.`
  );
}

function isSource(value: unknown): value is Source {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['type', 'serviceType', 'dialect'].every((key) => typeof Reflect.get(value, key) === 'string') &&
    ['parseConfig', 'openMetadata', 'check'].every((key) => typeof Reflect.get(value, key) === 'function')
  );
}
