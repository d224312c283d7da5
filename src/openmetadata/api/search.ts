import { z } from 'zod';
import { VIEW_LIKE_TYPES } from '../entities/index.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { maybe, readAnswer } from './answer-shape.js';
import { searchPage } from './search-query.js';

const INDEX = 'table_search_index';
const VIEW_PAGE = 100;

const table = z.object({
  id: z.string(),
  fullyQualifiedName: z.string(),
  tableType: maybe(z.string()),
  schemaDefinition: maybe(z.string()),
  processedLineage: maybe(z.boolean()),
  deleted: maybe(z.boolean()),
});

const searchAnswer = z.object({ hits: z.object({ hits: z.array(z.object({ _source: table })) }) });

/** A table as the search index has it; the index lags behind the server by seconds. */
export type TableHit = z.infer<typeof table>;

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

  /** Live tables whose FQN matches a pattern in which `*` means unknown parts (`shop.*.*.orders`). */
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
    return readAnswer(searchAnswer, body, 'GET /v1/search/fieldQuery').hits.hits.map((each) => each._source);
  }

  /** Pages of a service's view-like tables that have a definition, by FQN. */
  async *views({
    service,
    unprocessedOnly = false,
    signal,
  }: ViewSearch): AsyncGenerator<readonly TableHit[], void, undefined> {
    const search = { index: INDEX, must: viewConditions(service, unprocessedOnly), size: VIEW_PAGE, signal };
    let after: string | undefined;
    do {
      const hits = await searchPage(this.#transport, { ...search, after }, table);
      yield hits.map((each) => each._source);
      const last = hits.at(-1);
      const next =
        last === undefined || hits.length < VIEW_PAGE
          ? undefined
          : last.sort.join(',') || last._source.fullyQualifiedName;
      after = next === after ? undefined : next;
    } while (after !== undefined);
  }
}

function viewConditions(service: string, unprocessedOnly: boolean): readonly object[] {
  const unprocessed = {
    bool: {
      should: [
        { term: { processedLineage: false } },
        { bool: { must_not: { exists: { field: 'processedLineage' } } } },
      ],
      minimum_should_match: 1,
    },
  };
  return [
    { term: { 'service.name.keyword': service } },
    { terms: { tableType: VIEW_LIKE_TYPES } },
    { exists: { field: 'schemaDefinition' } },
    ...(unprocessedOnly ? [unprocessed] : []),
  ];
}
