import { z } from 'zod';
import type { CallOptions, Transport } from '../http/transport.js';
import { maybe, readAnswer } from './answer-shape.js';

const INDEX = 'container_search_index';
/** Characters of paths that one search asks for: they travel in its address. */
const MOST_CHARACTERS = 2_000;
/** Hits of one search: a path may be held by containers of several services. */
const MOST_HITS = 200;

const hit = z.object({ id: z.string(), fullyQualifiedName: z.string(), fullPath: maybe(z.string()) });
const searchAnswer = z.object({ hits: z.object({ hits: z.array(z.object({ _source: hit })) }) });

/** A container of a storage service (a bucket, a folder), as the search index has it; the index lags behind the server by seconds. */
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
      const query = {
        q: '',
        size: MOST_HITS,
        deleted: false,
        query_filter: JSON.stringify({
          query: { bool: { must: [{ term: { deleted: false } }, { terms: { fullPath: some } }] } },
        }),
        index: INDEX,
        sort_field: 'fullyQualifiedName',
        sort_order: 'asc',
      };
      const { body } = await this.#transport.request('GET', '/search/query', { query, signal });
      const wanted = new Set(some);
      for (const { _source: source } of readAnswer(searchAnswer, body, 'GET /v1/search/query').hits.hits) {
        const { id, fullyQualifiedName, fullPath } = source;
        // An index may compare ignoring case; folders of a bucket do not.
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
