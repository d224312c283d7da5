import { z } from 'zod';
import { VIEW_LIKE_TYPES } from '../entities/index.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { maybe, maybeList, readAnswer } from './answer-shape.js';

const INDEX = 'table_search_index';
const VIEW_PAGE = 100;

const hit = z.object({
  _source: z.object({
    id: z.string(),
    fullyQualifiedName: z.string(),
    tableType: maybe(z.string()),
    schemaDefinition: maybe(z.string()),
    processedLineage: maybe(z.boolean()),
    deleted: maybe(z.boolean()),
  }),
  sort: maybeList(z.union([z.string(), z.number()])),
});

const searchAnswer = z.object({ hits: z.object({ hits: z.array(hit) }) });

/** A table as the search index has it; the index lags behind the server by seconds. */
export type TableHit = z.infer<typeof hit>['_source'];

export interface ViewSearch extends CallOptions {
  readonly service: string;
  /** Leaves out views whose lineage was processed before. */
  readonly unprocessedOnly?: boolean;
}

export class SearchApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Live tables whose FQN fits a pattern in which `*` stands for unknown parts (`shop.*.*.orders`). */
  async tables(
    fqnPattern: string,
    { size = 10, signal }: CallOptions & { readonly size?: number } = {}
  ): Promise<readonly TableHit[]> {
    const query = {
      fieldName: 'fullyQualifiedName',
      fieldValue: fqnPattern,
      from: 0,
      size,
      index: INDEX,
      deleted: false,
    };
    const { body } = await this.#transport.request('GET', '/search/fieldQuery', { query, signal });
    return hitsOf(body, '/search/fieldQuery').map((each) => each._source);
  }

  /** Pages of a service's view-like tables that have a definition, by FQN. */
  async *views({
    service,
    unprocessedOnly = false,
    signal,
  }: ViewSearch): AsyncGenerator<readonly TableHit[], void, undefined> {
    const filter = JSON.stringify(viewFilter(service, unprocessedOnly));
    let searchAfter: string | undefined;
    do {
      const query = {
        q: '',
        size: VIEW_PAGE,
        deleted: false,
        query_filter: filter,
        index: INDEX,
        sort_field: 'fullyQualifiedName',
        sort_order: 'asc',
        search_after: searchAfter,
      };
      const { body } = await this.#transport.request('GET', '/search/query', { query, signal });
      const hits = hitsOf(body, '/search/query');
      yield hits.map((each) => each._source);
      const last = hits.at(-1);
      const next =
        last === undefined || hits.length < VIEW_PAGE
          ? undefined
          : last.sort.join(',') || last._source.fullyQualifiedName;
      searchAfter = next === searchAfter ? undefined : next;
    } while (searchAfter !== undefined);
  }
}

function viewFilter(service: string, unprocessedOnly: boolean): object {
  const unprocessed = {
    bool: {
      should: [
        { term: { processedLineage: false } },
        { bool: { must_not: { exists: { field: 'processedLineage' } } } },
      ],
      minimum_should_match: 1,
    },
  };
  return {
    query: {
      bool: {
        must: [
          { term: { 'service.name.keyword': service } },
          { term: { deleted: false } },
          { terms: { tableType: VIEW_LIKE_TYPES } },
          { exists: { field: 'schemaDefinition' } },
          ...(unprocessedOnly ? [unprocessed] : []),
        ],
      },
    },
  };
}

function hitsOf(body: unknown, path: string): z.infer<typeof hit>[] {
  return readAnswer(searchAnswer, body, `GET /v1${path}`).hits.hits;
}
