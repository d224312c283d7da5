import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { expect } from 'chai';
import type { PressureNews } from '../../../src/contract/shared-load.js';
import { CatalogBusy, TransientError } from '../../../src/errors/index.js';
import { PartRecorder } from '../../../src/report/index.js';
import { readRecipe } from '../../../src/recipe/index.js';
import { sharedLoads } from '../../../src/activities/run/shared-loads.js';
import { inStage } from '../../../src/activities/run/stage-context.js';
import { StageInterceptor } from '../../../src/activities/run/stage-interceptor.js';

const CONNECTIONS = {
  mysql: { type: 'Mysql', username: 'u', hostPort: 'db.test:3306' },
  snowflake: { type: 'Snowflake', username: 'u', account: 'org-acc', warehouse: 'w' },
  sqlite: { type: 'SQLite', databaseMode: '/tmp/shop.db' },
} as const;

type Type = keyof typeof CONNECTIONS;

const loadsOf = (
  given: Type | 'none',
  own: object,
  config: object = CONNECTIONS[given === 'none' ? 'mysql' : given],
  kind = 'DatabaseMetadata'
): { plan: ReturnType<typeof sharedLoads>; warnings: number } => {
  const type = given === 'none' ? 'mysql' : given;
  const text = JSON.stringify({
    source: {
      type,
      serviceName: 'shop',
      serviceConnection: { config },
      sourceConfig: { config: { type: kind } },
    },
    sink: { type: 'metadata-rest', config: {} },
    workflowConfig: {
      openMetadataServerConfig: {
        hostPort: 'http://om.test/api',
        authProvider: 'openmetadata',
        securityConfig: { jwtToken: '${TOKEN}' },
      },
      ...own,
    },
  });
  const { recipe } = readRecipe({ text, origin: 'shop.yaml' }, { environment: { TOKEN: 't' } });
  const recorder = new PartRecorder();
  const plan = sharedLoads(given === 'none' ? undefined : { type, config }, { recipe }, 1_000, recorder);
  return { plan, warnings: recorder.take().steps.source?.counts.warnings ?? 0 };
};

describe('What a run shares with others', () => {
  it('are the sessions of its source, where its recipe limits them', () => {
    const { plan, warnings } = loadsOf('mysql', { config: { maxSessions: 12 } });
    expect(plan.sessions).to.include({ most: 12, each: 4, least: 2, leaseMs: 2_000 });
    expect(plan.sessions?.dealer).to.match(/^om-sessions-mysql-[0-9a-f]{8}$/);
    expect(warnings).to.equal(0);
    expect(loadsOf('mysql', {}).plan.sessions).to.equal(undefined);
  });

  it('are one for each table that a profiler run measures at once', () => {
    const loads = (type: Type): ReturnType<typeof sharedLoads> =>
      loadsOf(type, { config: { maxSessions: 3 } }, CONNECTIONS[type], 'Profiler').plan;
    expect(loads('mysql').sessions).to.include({ most: 3, each: 1 }).and.not.to.have.property('least');
    expect(loads('snowflake').sessions).to.include({ most: 3, each: 1 });
  });

  it('are those of the same account or server, however its name is written, and of no other', () => {
    const limit = { config: { maxSessions: 2 } };
    const dealerOf = (account: string): string | undefined =>
      loadsOf('snowflake', limit, { ...CONNECTIONS.snowflake, account }).plan.sessions?.dealer;
    expect(dealerOf('ORG-ACC')).to.equal(dealerOf('org-acc'));
    expect(dealerOf('org-other')).not.to.equal(dealerOf('org-acc'));
  });

  it('is said when a limit is less than one activity takes', () => {
    expect(loadsOf('mysql', { config: { maxSessions: 1 } })).to.deep.include({ warnings: 1 });
  });

  it('asks for no more than its limit where an activity makes do with that', () => {
    for (const maxSessions of [2, 3]) {
      const { plan, warnings } = loadsOf('mysql', { config: { maxSessions } });
      expect(plan.sessions).to.include({ most: maxSessions, each: maxSessions });
      expect(warnings).to.equal(0);
    }
  });

  it('is nothing of a source where the run opens none', () => {
    const { plan } = loadsOf('none', { config: { maxSessions: 2 } });
    expect(Object.keys(plan.shared ?? {})).to.deep.equal(['catalog']);
    expect(plan.sessions).to.equal(undefined);
  });
});

describe('Pressure that an activity meets', () => {
  const shared = { source: 'mysql-1', catalog: 'c' };
  const newsOf = async (body: () => Promise<unknown>): Promise<[PressureNews, string | undefined][]> => {
    const told: [PressureNews, string | undefined][] = [];
    const tell = async (news: PressureNews, except?: string): Promise<void> => void told.push([news, except]);
    const args = [{ identity: { workflowId: 'om-shop' }, plan: { shared } }];
    const interceptor = new StageInterceptor(undefined, undefined, {}, tell);
    const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
    await environment.run(() => interceptor.execute({ args, headers: {} }, () => inStage(body))).catch(() => undefined);
    return told;
  };

  it('is told to other runs when its own learns of it by the answer that asks to wait', async () => {
    expect(await newsOf(async () => ({ retryAfterMs: 700 }))).to.deep.equal([
      [{ side: 'catalog', key: 'c', retryAfterMs: 700 }, 'om-shop'],
    ]);
  });

  it('is told to all runs, its own too, when it ends an attempt: of the side that asks to slow down', async () => {
    const busy = new TransientError('too many connections', { throttled: true, retryAfterMs: 900 });
    expect(await newsOf(() => Promise.reject(busy))).to.deep.equal([
      [{ side: 'source', key: 'mysql-1', retryAfterMs: 900 }, undefined],
    ]);
    const asked = new CatalogBusy('GET /v1/tables answered 429', { retryAfterMs: 800 });
    expect(await newsOf(() => Promise.reject(asked))).to.deep.equal([
      [{ side: 'catalog', key: 'c', retryAfterMs: 800 }, undefined],
    ]);
  });

  it('is nothing that other failures and answers are', async () => {
    expect(await newsOf(async () => ({ part: {} }))).to.deep.equal([]);
    expect(await newsOf(() => Promise.reject(new TransientError('reset')))).to.deep.equal([]);
  });
});
