import { z } from 'zod';
import { PermanentError } from '../../errors/index.js';
import type { CallOptions, RequestOptions, Transport } from '../http/transport.js';
import { maybe, readAnswer } from './answer-shape.js';

/**
 * All pages of a listing. Ends only when the server says that there is no further one.
 * @throws PermanentError when the server returns a page twice
 */
export async function* listPages<T>(
  transport: Transport,
  path: string,
  item: z.ZodType<T>,
  query: Readonly<Record<string, string | number | undefined>>,
  { signal, keepsDigits }: CallOptions & Pick<RequestOptions, 'keepsDigits'> = {}
): AsyncGenerator<readonly T[], void, undefined> {
  const page = z.object({ data: z.array(item), paging: maybe(z.object({ after: maybe(z.string()) })) });
  const call = `GET /v1${path}`;
  let after: string | undefined;
  do {
    const { body } = await transport.request('GET', path, {
      query: { ...query, after },
      signal,
      ...(keepsDigits === undefined ? {} : { keepsDigits }),
    });
    const answer = readAnswer(page, body, call);
    const next = answer.paging?.after;
    if (next !== undefined && next === after)
      throw new PermanentError(`${call} answers the same page again (after=${next}).`);
    yield answer.data;
    after = next;
  } while (after !== undefined);
}
