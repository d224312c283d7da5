import { mapLimited, type OpenMetadataClient } from '../openmetadata/index.js';
import { storageScheme } from '../sources/index.js';
import { LookUpCache } from './look-up-cache.js';

/** A container of the catalog, as edges need it. */
export interface FoundContainer {
  readonly id: string;
  readonly fqn: string;
}

/** Look-ups at once. */
const LOOK_UPS = 8;

/**
 * Finds the storage containers that hold a location: the one with its own path, else with the longest path above it.
 * Each location is asked for once.
 */
export class ContainerFinder {
  readonly #cache = new LookUpCache<FoundContainer>();

  constructor(
    private readonly client: { readonly containers: Pick<OpenMetadataClient['containers'], 'findByPaths'> },
    private readonly signal: AbortSignal
  ) {}

  /**
   * In the order of the locations: several if containers of several services have that path, none if no container holds
   * it.
   */
  async findAll(locations: readonly string[]): Promise<readonly (readonly FoundContainer[])[]> {
    const found = new Map<string, readonly FoundContainer[]>();
    const missing: string[] = [];
    for (const location of new Set(locations)) {
      const known = this.#cache.get(location);
      if (known === undefined) missing.push(location);
      else found.set(location, known);
    }
    await mapLimited(missing, LOOK_UPS, async (location) => {
      const containers = await this.#lookUp(location);
      found.set(location, containers);
      this.#cache.set(location, containers);
    });
    return locations.map((location) => found.get(location) ?? []);
  }

  async #lookUp(location: string): Promise<readonly FoundContainer[]> {
    const paths = pathsOf(location);
    const written = paths.flatMap((path) => [path, `${path}/`]);
    const hits = await this.client.containers.findByPaths(written, { signal: this.signal });
    for (const path of paths) {
      const holding = hits.filter(({ fullPath }) => withoutSlash(fullPath) === path);
      if (holding.length > 0)
        return holding
          .map(({ id, fullyQualifiedName: fqn }) => ({ id, fqn }))
          .sort((left, right) => (left.fqn < right.fqn ? -1 : 1));
    }
    return [];
  }
}

/**
 * A location and what contains it, longest path first, without trailing slashes: `s3://b/x/y`, `s3://b/x`, `s3://b`.
 * None if it isn't a URL.
 */
export function pathsOf(location: string): readonly string[] {
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(location) ?? [];
  if (scheme === undefined) return [];
  const other = storageScheme(scheme);
  const parts = withoutSlash(rest).split('/');
  return parts.flatMap((_, index) => {
    const path = parts.slice(0, parts.length - index).join('/');
    return path === '' ? [] : [scheme, ...(other === undefined ? [] : [other])].map((each) => `${each}://${path}`);
  });
}

function withoutSlash(path: string): string {
  return path.replace(/(?<!\/)\/+$/, '');
}
