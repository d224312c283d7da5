import { z } from 'zod';
import type { CallOptions, Transport } from '../http/transport.js';
import { maybe } from './answer-shape.js';
import { searchPage } from './search-query.js';

const INDEX = 'container_search_index';
/** Characters of paths in one search: they are part of its URL. */
const MOST_CHARACTERS = 2_000;
/** Hits in one search: containers of several services may have the same path. */
const MOST_HITS = 200;

const hit = z.object({ id: z.string(), fullyQualifiedName: z.string(), fullPath: maybe(z.string()) });

/**
 * A container of a storage service (a bucket, a folder), as the search index has it; the index lags behind the server
 * by seconds.
 */
export interface ContainerHit {
  readonly id: string;
  readonly fullyQualifiedName: string;
  /** `s3://bucket/folder` */
  readonly fullPath: string;
}

export class ContainersApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Live containers whose fullPath is exactly one of these. */
  async findByPaths(paths: readonly string[], { signal }: CallOptions = {}): Promise<readonly ContainerHit[]> {
    const found: ContainerHit[] = [];
    for (const some of inBatches(paths)) {
      const search = { index: INDEX, must: [{ terms: { fullPath: some } }], size: MOST_HITS, signal };
      const wanted = new Set(some);
      for (const { _source: source } of await searchPage(this.#transport, search, hit)) {
        const { id, fullyQualifiedName, fullPath } = source;
        // an index may ignore case; folders of a bucket don't
        if (fullPath !== undefined && wanted.has(fullPath)) found.push({ id, fullyQualifiedName, fullPath });
      }
    }
    return found;
  }
}

function inBatches(paths: readonly string[]): string[][] {
  const batches: string[][] = [];
  let characters = Infinity;
  for (const path of paths) {
    characters += path.length;
    if (characters > MOST_CHARACTERS) {
      batches.push([]);
      characters = path.length;
    }
    batches.at(-1)?.push(path);
  }
  return batches;
}
