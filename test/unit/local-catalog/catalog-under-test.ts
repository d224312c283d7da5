import { expect } from 'chai';
import { startLocalCatalog, type LocalCatalog, type LocalCatalogOptions } from '../../../src/local-catalog/index.js';
import { isJsonObject, type Json, type JsonObject } from '../../../src/local-catalog/json-value.js';

/** An answer over the wire. */
export class Answer {
  constructor(
    readonly status: number,
    readonly headers: Headers,
    readonly text: string
  ) {}

  get body(): Json {
    return JSON.parse(this.text) as Json;
  }

  /** What stands at a path in the body: `at('columns', 0, 'name')`. */
  at(...path: readonly (string | number)[]): Json | undefined {
    return valueAt(this.body, path);
  }

  /** The text at a path; it must be one. */
  textAt(...path: readonly (string | number)[]): string {
    const found = this.at(...path);
    if (typeof found === 'string') return found;
    throw new Error(`No text at ${path.join('.')} of ${this.text.slice(0, 500)}`);
  }
}

export function valueAt(value: Json | undefined, path: readonly (string | number)[]): Json | undefined {
  return path.reduce<Json | undefined>((found, key) => {
    if (typeof key === 'number') return Array.isArray(found) ? (found as readonly Json[])[key] : undefined;
    return isJsonObject(found) ? found[key] : undefined;
  }, value);
}

export interface CallOptions {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A real server on a free port, and short ways to call it. */
export class CatalogUnderTest {
  private constructor(readonly catalog: LocalCatalog) {}

  static async start(options: Partial<LocalCatalogOptions> = {}): Promise<CatalogUnderTest> {
    return new CatalogUnderTest(await startLocalCatalog({ file: ':memory:', port: 0, ...options }));
  }

  async close(): Promise<void> {
    await this.catalog.close();
  }

  async call(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<Answer> {
    const type = method === 'PATCH' ? 'application/json-patch+json' : 'application/json';
    const response = await fetch(`${this.catalog.hostPort}/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${options.token ?? this.catalog.token}`,
        ...(body === undefined ? {} : { 'content-type': type }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return new Answer(response.status, response.headers, await response.text());
  }

  /** A call that must succeed. */
  async ok(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<Answer> {
    const answer = await this.call(method, path, body, options);
    expect(answer.status, `${method} ${path}: ${answer.text.slice(0, 500)}`).to.be.within(200, 299);
    return answer;
  }

  /** A call that must be refused: status and message. */
  async refused(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<[number, string]> {
    const answer = await this.call(method, path, body, options);
    expect(answer.at('code'), answer.text).to.equal(answer.status);
    return [answer.status, answer.textAt('message')];
  }

  /** By FQN, with every field. */
  async entity(path: string, fqn: string): Promise<Answer> {
    return this.ok('GET', `/${path}/name/${encodeURIComponent(fqn)}?fields=*&include=all`);
  }

  async id(path: string, fqn: string): Promise<string> {
    return (await this.entity(path, fqn)).textAt('id');
  }

  /** Service `shop`, database `shop.main`, schema `shop.main.sales`. */
  async withSchema(): Promise<this> {
    await this.ok('PUT', '/services/databaseServices', { name: 'shop', serviceType: 'Mysql' });
    await this.ok('PUT', '/databases', { name: 'main', service: 'shop' });
    await this.ok('PUT', '/databaseSchemas', { name: 'sales', database: 'shop.main' });
    return this;
  }

  /** Tables in `shop.main.sales`, each with columns `id` and `name`. */
  async withTables(...names: readonly string[]): Promise<this> {
    await this.ok(
      'PUT',
      '/tables/bulk',
      names.map((name) => tableRequest(name))
    );
    return this;
  }
}

/** A create request for a table in `shop.main.sales`. */
export function tableRequest(name: string, more: JsonObject = {}): JsonObject {
  return {
    name,
    databaseSchema: 'shop.main.sales',
    columns: [
      { name: 'id', dataType: 'INT' },
      { name: 'name', dataType: 'VARCHAR', dataLength: 20 },
    ],
    ...more,
  };
}

/** Names of the rows of a list answer. */
export function names(answer: Answer): unknown[] {
  const data = answer.at('data');
  return Array.isArray(data) ? data.map((row: Json) => valueAt(row, ['name'])) : [];
}

/** FQN and message of the rows of a bulk answer. */
export function rows(answer: Answer, list: 'successRequest' | 'failedRequest'): unknown[] {
  const found = answer.at(list);
  return Array.isArray(found) ? found.map((row: Json) => valueAt(row, ['request'])) : [];
}
