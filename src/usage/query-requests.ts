import { buildFqn, mapLimited, type CreateQueryRequest } from '../openmetadata/index.js';
import type { PublishUsageInput } from './publish-input.js';
import type { QueryPart } from './usage-part.js';
import type { UserFinder } from './user-finder.js';

/** What is sent of a statement. */
export class QueryRequests {
  constructor(
    private readonly input: Pick<PublishUsageInput, 'service' | 'dialect' | 'lanes'>,
    private readonly users: UserFinder
  ) {}

  of(parts: readonly QueryPart[]): Promise<CreateQueryRequest[]> {
    return mapLimited(parts, this.input.lanes, (part) => this.#request(part));
  }

  async #request({ text, type, tables, users, newest, timed, durationMs }: QueryPart): Promise<CreateQueryRequest> {
    const { service, dialect } = this.input;
    const known = (await mapLimited(users, 1, (login) => this.users.find(login))).flatMap((user) =>
      user === undefined ? [] : [user.fullyQualifiedName]
    );
    const names = [...new Set(known)].sort();
    return {
      query: text,
      service: buildFqn(service),
      dialect,
      ...(type === undefined ? {} : { query_type: type }),
      ...(timed === 0 ? {} : { duration: Math.round(durationMs / timed) }),
      ...(newest.at === 0 ? {} : { queryDate: newest.at }),
      queryUsedIn: tables.map((id) => ({ id, type: 'table' })),
      ...(names.length === 0 ? {} : { users: names }),
      ...(users.length === 0 ? {} : { usedBy: users.map(([login]) => login) }),
    };
  }
}
