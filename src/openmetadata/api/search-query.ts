import { z } from 'zod';
import type { CallOptions, Transport } from '../http/transport.js';
import { maybeList, readAnswer } from './answer-shape.js';

export interface SearchQuery extends CallOptions {
  readonly index: string;
  /** Elasticsearch conditions that must all hold, in addition to the entity being live. */
  readonly must: readonly object[];
  /** Most hits. */
  readonly size: number;
  /** The sort key of the last hit of the previous page. */
  readonly after?: string | undefined;
}

/** A hit and its sort key. */
export interface SearchHit<Source> {
  readonly _source: Source;
  readonly sort: readonly (string | number)[];
}

const PATH = '/search/query';

/** Live entities of a search index, by FQN: a page of `GET /v1/search/query`. */
export async function searchPage<Source>(
  transport: Transport,
  { index, must, size, after, signal }: SearchQuery,
  source: z.ZodType<Source>
): Promise<readonly SearchHit<Source>[]> {
  const query = {
    q: '',
    size,
    deleted: false,
    query_filter: JSON.stringify({ query: { bool: { must: [{ term: { deleted: false } }, ...must] } } }),
    index,
    sort_field: 'fullyQualifiedName',
    sort_order: 'asc',
    search_after: after,
  };
  const { body } = await transport.request('GET', PATH, { query, signal });
  const hit = z.object({ _source: source, sort: maybeList(z.union([z.string(), z.number()])) });
  return readAnswer(z.object({ hits: z.object({ hits: z.array(hit) }) }), body, `GET /v1${PATH}`).hits.hits;
}
