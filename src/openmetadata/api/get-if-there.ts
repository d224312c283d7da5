import type { z } from 'zod';
import type { RequestOptions, Transport } from '../http/transport.js';
import { readAnswer } from './answer-shape.js';

/** What the server has at a path; undefined where it says that there is nothing. */
export async function getIfThere<Answer>(
  transport: Transport,
  path: string,
  model: z.ZodType<Answer>,
  options: Pick<RequestOptions, 'query' | 'signal' | 'keepsDigits'>
): Promise<Answer | undefined> {
  const { status, body } = await transport.request('GET', path, { ...options, accept: [404] });
  return status === 404 ? undefined : readAnswer(model, body, `GET /v1${path}`);
}
