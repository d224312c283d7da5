import { expect } from 'chai';
import { openSnowflakeMetadata, type SnowflakeMetadata } from '../../../../src/sources/snowflake/metadata.js';
import type { Doubt, SourceEntity } from '../../../../src/sources/index.js';
import {
  configWith,
  driverError,
  FakeDriver,
  recordedContext,
  type Answer,
  type AskedStatement,
  type FakeRow,
} from './fake-driver.js';

const SCHEMA = { database: 'D', schema: 'S' };
const REFUSED = driverError('002003', 'Object does not exist or not authorized.');
const grant = (privilege: string, granted_on: string, name: string): FakeRow => ({ privilege, granted_on, name });

/** What account usage keeps by name, true for what is dropped; `refused` for a view the role may not read. */
type Kept = Readonly<Record<string, boolean>> | 'refused';

interface Account {
  /** By role; `refused` when they can't be listed. */
  readonly grants?: Readonly<Record<string, readonly FakeRow[] | 'refused'>>;
  readonly TABLES?: Kept;
  readonly STAGES?: Kept;
  readonly GRANTS_TO_ROLES?: Kept;
  readonly SCHEMATA?: Kept;
  readonly DATABASES?: Kept;
  readonly PROCEDURES?: Kept;
}

const VIEWS = ['TABLES', 'STAGES', 'GRANTS_TO_ROLES', 'SCHEMATA', 'DATABASES', 'PROCEDURES'] as const;

function answers(account: Account): (asked: AskedStatement) => Answer | undefined {
  return ({ sql, binds }) => {
    const role = /^SHOW GRANTS TO ROLE "(.*)"$/.exec(sql)?.[1];
    if (role !== undefined) {
      const rows = account.grants?.[role] ?? [];
      return rows === 'refused' ? REFUSED : rows;
    }
    const views = VIEWS.filter((view) => sql.includes(`"ACCOUNT_USAGE".${view}`));
    if (views.length === 0) return undefined;
    if (views.some((view) => account[view] === 'refused')) return REFUSED;
    return views.flatMap((view) => {
      const kept = Object.entries(account[view] ?? {});
      const row = ([name, dropped]: readonly [string | null, boolean]): FakeRow => ({
        NAME: name,
        LIVE_ROWS: dropped ? 0 : 1,
      });
      const named = kept.filter(([name]) => binds.includes(name)).map(row);
      // The row without a name: of all owners of the schema.
      const all = view === 'GRANTS_TO_ROLES' ? [row([null, !kept.some(([, dropped]) => !dropped)])] : [];
      return [...named, ...all];
    });
  };
}

function open(account: Account, config: Readonly<Record<string, unknown>> = {}): Promise<SnowflakeMetadata> {
  return openSnowflakeMetadata(configWith(config), recordedContext(), new FakeDriver({ answer: answers(account) }));
}

async function kindsOf(account: Account, entity: SourceEntity, ...names: string[]): Promise<Record<string, string>> {
  const source = await open(account);
  const scope = entity === 'database' ? {} : entity === 'schema' ? { database: 'D' } : SCHEMA;
  const doubts: readonly Doubt[] = await source.doubts(scope, entity, names);
  return Object.fromEntries(doubts.map(({ name, kind }) => [name, kind]));
}

/** What is not listed any more, and what account usage and the role's grants prove of it. */
describe('Snowflake: what is not seen any more', () => {
  const cases: readonly [string, Account, SourceEntity, Readonly<Record<string, string>>][] = [
    // of tables
    ['a table that account usage has as dropped is gone', { TABLES: { A: true } }, 'table', {}],
    ['a table that account usage still has is hidden', { TABLES: { A: false } }, 'table', { A: 'hidden' }],
    ['a table is hidden when account usage is refused', { TABLES: 'refused' }, 'table', { A: 'hidden' }],
    ['a table is unproven when no view knows it and no owner in its schema', {}, 'table', { A: 'unproven' }],
    [
      'a table that no view knows in a schema with owners may be younger than account usage',
      { GRANTS_TO_ROLES: { B: false } },
      'table',
      { A: 'recent' },
    ],
    [
      'a table is hidden when no view knows it and the owners are refused',
      { GRANTS_TO_ROLES: 'refused' },
      'table',
      { A: 'hidden' },
    ],
    [
      'a table dropped under a name that a live stream has by now is hidden',
      { TABLES: { A: true }, GRANTS_TO_ROLES: { A: false } },
      'table',
      { A: 'hidden' },
    ],
    [
      'a table that account usage still has is hidden, though an owner of its name is dropped',
      { TABLES: { A: false }, GRANTS_TO_ROLES: { A: true } },
      'table',
      { A: 'hidden' },
    ],
    [
      'a stage is gone as its own view says, though the owners are refused',
      { STAGES: { A: true }, GRANTS_TO_ROLES: 'refused' },
      'table',
      {},
    ],
    // of what holds them
    ['a dropped schema is gone', { SCHEMATA: { A: true } }, 'schema', {}],
    ['a schema that account usage still has is hidden', { SCHEMATA: { A: false } }, 'schema', { A: 'hidden' }],
    ['a schema that account usage does not know is unproven', {}, 'schema', { A: 'unproven' }],
    ['a schema is hidden when account usage is refused', { SCHEMATA: 'refused' }, 'schema', { A: 'hidden' }],
    ['a dropped database is gone', { DATABASES: { A: true } }, 'database', {}],
    ['a database that account usage still has is hidden', { DATABASES: { A: false } }, 'database', { A: 'hidden' }],
    ['a database that account usage does not know is unproven', {}, 'database', { A: 'unproven' }],
    ['a database is hidden when account usage is refused', { DATABASES: 'refused' }, 'database', { A: 'hidden' }],
    // of procedures
    ['a procedure is gone when the views that list them may be read', { PROCEDURES: {} }, 'procedure', {}],
    ['a procedure is hidden when they are refused', { PROCEDURES: 'refused' }, 'procedure', { A: 'hidden' }],
    // of roles
    [
      'a table that account usage still has is gone for a role that manages grants',
      { grants: { READER: [grant('MANAGE GRANTS', 'ACCOUNT', 'ACC')] }, TABLES: { A: false } },
      'table',
      {},
    ],
    [
      'a table that account usage still has is gone for a role that has ACCOUNTADMIN through another',
      {
        grants: { READER: [grant('USAGE', 'ROLE', 'MID')], MID: [grant('USAGE', 'ROLE', 'ACCOUNTADMIN')] },
        TABLES: { A: false },
      },
      'table',
      {},
    ],
    ...(['database', 'schema', 'table', 'procedure'] as const).map(
      (entity): [string, Account, SourceEntity, Record<string, string>] => [
        `a ${entity} is hidden while the grants of a role in the hierarchy can't be listed`,
        {
          grants: { READER: [grant('USAGE', 'ROLE', 'MID')], MID: 'refused' },
          TABLES: { A: true },
          SCHEMATA: { A: true },
          DATABASES: { A: true },
        },
        entity,
        { A: 'hidden' },
      ]
    ),
  ];
  for (const [name, account, entity, expected] of cases)
    it(name, async () => expect(await kindsOf(account, entity, 'A')).to.deep.equal(expected));

  it('knows that account usage is late by up to two hours, and clocks may differ', async () => {
    const source = await open({ GRANTS_TO_ROLES: { B: false } });
    const [doubt] = await source.doubts(SCHEMA, 'table', ['A']);
    expect(doubt).to.include({ kind: 'recent', lagMs: 3 * 3_600_000 });
  });

  it('finds the owner of a name that needs quotes', async () => {
    const account = { GRANTS_TO_ROLES: { '"my stream"': false, '"old one"': true, OTHER: false } };
    const kinds = await kindsOf(account, 'table', 'my stream', 'old one', 'never seen');
    expect(kinds).to.deep.equal({ 'my stream': 'hidden', 'never seen': 'recent' });
  });

  it('does not ask routines, tasks, pipes and sequences for the owner of a table of their name', async () => {
    const driver = new FakeDriver({ answer: answers({}) });
    const source = await openSnowflakeMetadata(configWith(), recordedContext(), driver);
    await source.doubts(SCHEMA, 'table', ['A']);
    const [sql = ''] = driver.asked.map((asked) => asked.sql).filter((text) => text.includes('GRANTS_TO_ROLES'));
    for (const kind of ['PROCEDURE', 'FUNCTION', 'TASK', 'PIPE', 'SEQUENCE'])
      expect(sql).to.match(new RegExp(`PRIVILEGE = 'OWNERSHIP' AND GRANTED_ON NOT IN \\([^)]*'${kind}'`));
  });
});

describe('Snowflake: rights', () => {
  it('on single tables are kept without their names: a dropped table takes its grant along', async () => {
    const seen = async (...rows: FakeRow[]): Promise<readonly unknown[]> => {
      const source = await open({ grants: { READER: rows } });
      return [await source.rights(), await source.visibility()];
    };
    const before = await seen(grant('SELECT', 'TABLE', 'D.S.A'), grant('SELECT', 'TABLE', 'D.S."B.C"'));
    expect(before[0]).to.deep.equal([{ database: 'D', schema: 'S', rights: ['SELECT TABLE'] }]);
    expect(await seen(grant('SELECT', 'TABLE', 'D.S.A'))).to.deep.equal(before);
  });

  it('of the roles in a role count as its own, and those on a database for all of its schemas', async () => {
    const source = await open({
      grants: {
        READER: [grant('USAGE', 'DATABASE', 'D'), grant('USAGE', 'ROLE', 'MID')],
        MID: [grant('USAGE', 'SCHEMA', 'D.S'), grant('USAGE', 'ROLE', 'READER')],
      },
    });
    expect(await source.rights()).to.deep.include({
      database: 'D',
      schema: 'S',
      rights: ['USAGE DATABASE', 'USAGE SCHEMA'],
    });
  });

  it('change the fingerprint with any of them, in any role of the hierarchy', async () => {
    const print = async (grants: NonNullable<Account['grants']>): Promise<string> =>
      (await open({ grants })).visibility();
    const through = [grant('USAGE', 'ROLE', 'MID')];
    const prints = await Promise.all([
      print({ READER: through, MID: [grant('USAGE', 'SCHEMA', 'D.S')] }),
      print({ READER: through, MID: [] }),
      print({ READER: [] }),
    ]);
    expect(new Set(prints)).to.have.length(3);
  });

  it('that are refused leave the run without rights, not without an end', async () => {
    const source = await open({ grants: { READER: 'refused' } });
    expect(await source.rights()).to.equal(undefined);
    expect(await source.visibility()).to.be.a('string');
  });
});

describe('Snowflake: what is still there', () => {
  it('of a recipe of one database are all others, whether its role sees them or not', async () => {
    const driver = new FakeDriver({ answer: ({ sql }) => (sql === 'SHOW DATABASES' ? [] : undefined) });
    const source = await openSnowflakeMetadata(configWith({ database: 'd' }), recordedContext(), driver);
    expect(await source.scopesStillThere(undefined, ['D', 'E'])).to.deep.equal(['E']);
  });

  it('are streams, stages and semantic views that the flags leave out', async () => {
    const driver = new FakeDriver({
      answer: ({ sql }) => {
        if (sql.startsWith('SHOW STREAMS')) return [{ name: 'A', table_name: 'D.S.T' }];
        if (sql.startsWith('SHOW STAGES')) return [{ name: 'B' }];
        return sql.includes('SEMANTIC_VIEWS') ? [{ NAME: 'C' }] : undefined;
      },
    });
    const config = configWith({ includeStreams: false, includeStages: false, includeSemanticViews: false });
    const source = await openSnowflakeMetadata(config, recordedContext(), driver);
    expect(await source.stillThere(SCHEMA, 'table', ['A', 'B', 'C', 'X'])).to.deep.equal(['A', 'B', 'C']);
  });

  it('are stages of a schema with more of them than Snowflake lists, which are then asked for by name', async () => {
    const stages = Array.from({ length: 10_000 }, (_, n) => ({ name: `A${n}` }));
    const driver = new FakeDriver({
      answer: ({ sql }) => {
        if (sql.startsWith("SHOW STAGES LIKE 'Z_'")) return [{ name: 'Z1' }, { name: 'Z_' }];
        if (sql.startsWith("SHOW STAGES LIKE 'Y_'")) return [{ name: 'Y1' }];
        return sql.startsWith('SHOW STAGES IN') ? stages : undefined;
      },
    });
    const source = await openSnowflakeMetadata(configWith({ includeStages: false }), recordedContext(), driver);
    expect(await source.stillThere(SCHEMA, 'table', ['A1', 'Y_', 'Z_'])).to.deep.equal(['A1', 'Z_']);
  });

  it('are the procedures that the database lists itself, where account usage is refused', async () => {
    const driver = new FakeDriver({
      answer: ({ sql }) =>
        sql.includes('"ACCOUNT_USAGE"') ? REFUSED : sql.includes('INFORMATION_SCHEMA') ? [{ NAME: 'P' }] : undefined,
    });
    const source = await openSnowflakeMetadata(configWith(), recordedContext(), driver);
    expect(await source.stillThere(SCHEMA, 'procedure', ['P', 'X'])).to.deep.equal(['P']);
  });

  it('are no schemas of a database that is gone, and an error of one that is there', async () => {
    const found = async (databases: readonly FakeRow[]): Promise<readonly string[]> => {
      const driver = new FakeDriver({
        answer: ({ sql }) => (sql === 'SHOW DATABASES' ? databases : sql.includes('SCHEMATA') ? REFUSED : undefined),
      });
      const source = await openSnowflakeMetadata(configWith(), recordedContext(), driver);
      return source.scopesStillThere('D', ['S']);
    };
    expect(await found([])).to.deep.equal([]);
    const refusal = await found([{ name: 'D' }]).catch((error: unknown) => error);
    expect(String(refusal)).to.include('the schemas of D');
  });
});
