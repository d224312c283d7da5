import type { Answer, HttpMethod, RequestOptions, Transport } from '../../../src/openmetadata/index.js';
import { requestBodyProblems } from './request-schemas.js';

export interface RecordedCall {
  readonly method: HttpMethod;
  readonly path: string;
  readonly options: RequestOptions;
}

export type Responder = (call: RecordedCall, turn: number) => Partial<Answer> | Error;

/**
 * A transport that answers from the test and refuses bodies that OpenMetadata's schemas refuse; a body given as bytes
 * is recorded parsed.
 */
export class RecordedTransport implements Transport {
  readonly calls: RecordedCall[] = [];
  readonly #respond: Responder;

  constructor(respond: Responder = () => ({})) {
    this.#respond = respond;
  }

  request(method: HttpMethod, path: string, { json, ...given }: RequestOptions = {}): Promise<Answer> {
    const options = json === undefined ? given : { ...given, body: JSON.parse(json.toString()) as unknown };
    const problems = requestBodyProblems(method, path, options.body);
    if (problems.length > 0)
      throw new Error(`${method} ${path} sends a body that the schema refuses:\n${problems.join('\n')}`);
    const call = { method, path, options };
    this.calls.push(call);
    const response = this.#respond(call, this.calls.length - 1);
    if (response instanceof Error) return Promise.reject(response);
    const answer = { status: 200, body: undefined, ...response };
    const accepted = answer.status < 400 || (options.accept ?? []).includes(answer.status);
    return accepted
      ? Promise.resolve(answer)
      : Promise.reject(new Error(`${method} ${path} does not accept a ${answer.status}`));
  }
}
