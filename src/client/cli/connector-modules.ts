import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
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
  const isThere = existsSync(file);
  // `./mine.js` and `/srv/mine.js` can't be packages
  if (!isThere && (/^[./~]/.test(name) || isAbsolute(name)))
    throw new Error(
      `${VARIABLE} names ${name}, and there is no file ${file}. Paths are relative to the folder in which the command starts.`
    );
  try {
    return await import(isThere ? pathToFileURL(file).href : name);
  } catch (error) {
    if (!isThere && isMissing(error, name))
      throw new Error(
        `${VARIABLE} names ${name}: there is neither a file ${file} nor an installed package of this name.`,
        { cause: error }
      );
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${VARIABLE} names ${name}, which can't be loaded: ${reason}`, { cause: error });
  }
}

/** The module itself wasn't found, rather than one that it imports. */
function isMissing(error: unknown, name: string): boolean {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_MODULE_NOT_FOUND') return false;
  return error.message.includes(`'${name}'`);
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
