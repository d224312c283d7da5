import { expect } from 'chai';
import { z } from 'zod';
import type { LocalCatalog } from '../../../src/local-catalog/index.js';

const counts = z.object({
  name: z.string(),
  records: z.number(),
  unchanged: z.number(),
  warnings: z.number(),
  errors: z.number(),
  statements: z.number(),
  failures: z.array(z.object({ entity: z.string(), error: z.string() })),
});

/** What `run --json` prints of a profiler run. */
export const profilerReport = z.object({ state: z.string(), steps: z.array(counts), notes: z.array(z.string()) });
export type ProfilerReport = z.infer<typeof profilerReport>;

export interface CatalogReader {
  /** GET /v1… */
  get(path: string): Promise<Record<string, unknown>>;
  /** All profiles of a column, the newest first. */
  columnProfiles(fqn: string): Promise<Record<string, unknown>[]>;
}

export function catalogReader({ hostPort, token }: LocalCatalog): CatalogReader {
  const get: CatalogReader['get'] = async (path) => {
    const answer = await fetch(`${hostPort}/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status, path).to.equal(200);
    return z.record(z.string(), z.unknown()).parse(await answer.json());
  };
  return {
    get,
    columnProfiles: async (fqn) => {
      const { data } = await get(`/tables/${fqn}/columnProfile?startTs=0`);
      return z.array(z.record(z.string(), z.unknown())).parse(data);
    },
  };
}
