import { profileUnit, type ProfileUnitStage } from '../../../src/profiler/index.js';
import type { ProfilerRecipe } from '../../../src/recipe/index.js';
import type { SliceAddress } from '../../../src/staging/index.js';
import type { MakeCase } from './killed-stage.js';

const NAMES = ['a', 'b', 'c', 'd'];
/** Nothing is asked of the source: what the catalogue knows makes the profile. */
const RECIPE = {
  kind: 'profiler',
  source: {
    type: 'sqlite',
    serviceName: 's',
    sourceConfig: { config: { computeTableMetrics: true, computeColumnMetrics: false } },
  },
  workflowConfig: {},
} as unknown as ProfilerRecipe;

const none = async (): Promise<never> => Promise.reject(new Error('nothing is asked of the source'));

const unitOf =
  (name: 'profiles' | 'published'): MakeCase =>
  async (_store, run) => {
    const profiles: SliceAddress = { run, stage: 'profiles', slice: '0' };
    const published: SliceAddress = { run, stage: 'published-profiles', slice: '0' };
    const put = new Set<string>();
    const client = {
      profiles: {
        table: async (fqn: string) => ({
          id: fqn,
          name: fqn,
          fullyQualifiedName: fqn,
          tags: [],
          columns: [],
          customMetrics: [],
        }),
        hasProfile: async (fqn: string) => put.has(fqn),
        putProfile: async ({ id }: { id: string }) => {
          if (put.has(id)) throw new Error(`${id} has a second profile of the same time`);
          put.add(id);
        },
      },
    } as unknown as ProfileUnitStage['client'];
    return {
      to: name === 'profiles' ? profiles : published,
      attempt: (attempt) =>
        profileUnit({
          ...attempt,
          signal: new AbortController().signal,
          client,
          recipe: RECIPE,
          server: undefined,
          tables: NAMES.map((each) => ({
            fqn: `s.d.m.${each}`,
            facts: { table: each, isView: false, rows: 1 },
            asOf: 1,
            statements: 0,
          })),
          source: {
            dialect: { from: () => '', placement: () => 'aggregate' },
            facts: none,
            session: none,
            endLost: none,
            close: none,
          } as unknown as ProfileUnitStage['source'],
          openSession: async () => ({ rows: none, query: none, close: async () => undefined }),
          now: 1,
          timestamp: 1_700_000_000_000,
          profiles,
          published,
        }),
    };
  };

export const profiles: MakeCase = unitOf('profiles');
export const publishedProfiles: MakeCase = unitOf('published');
