import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import Database from 'libsql';
import { z } from 'zod';
import type { RunReport } from '../../../src/report/index.js';
import { runCli } from '../../services/cli.js';
import { startIngestion, type Ingestion } from '../../services/ingestion.js';
import { startMariadb, type TestMariadb } from '../../services/mariadb.js';

const DATA = 'test/data/cases';

/** `target.column <- source.column, …` of the statements of general-log-workload.sql, as each of them says. */
const WORKLOAD: Readonly<Record<string, readonly string[]>> = {
  o1: ['b <- s.y', 'b <- s.z', 'c <- s.w', 'id <- s.x'],
  o2: ['a <- s.y', 'b <- s.z', 'id <- s.x'],
  o3: ['a <- s.j', 'id <- s.id'],
  o4: ['a <- s.j', 'id <- s.id'],
  o6: ['a <- s2.y', 'id <- s.x'],
  o7: ['a <- s.y', 'id <- s.x'],
  o8: ['a <- s.y', 'id <- s.x'],
  o10: ['a <- MixedCase.Val', 'id <- MixedCase.Id'],
  o11: ['a <- s2.y', 'id <- s.x'],
  o13: ['a <- s.y', 'a <- s2.w', 'id <- s.x', 'id <- s2.z'],
  o15: ['a <- s.x', 'id <- s.id'],
  o17: ['a <- s.x', 'id <- s.id'],
  o18: ['a <- s.y', 'id <- s.id'],
  o19: ['a <- s.z', 'id <- s.id'],
};

const lineage = z.object({
  upstreamEdges: z
    .array(
      z.object({
        lineageDetails: z.object({
          columnsLineage: z.array(z.object({ fromColumns: z.array(z.string()), toColumn: z.string() })).optional(),
        }),
      })
    )
    .optional(),
});

describe('Inputs whose lineage was once lost', function () {
  this.timeout(180_000);
  let server: TestMariadb;
  let ingestion: Ingestion;

  before(async () => {
    [server, ingestion] = await Promise.all([
      startMariadb({ arguments: ['--general-log=1', '--plugin-load-add=ha_blackhole'] }),
      startIngestion(),
    ]);
    const { user: MYSQL_USER, password: MYSQL_PASSWORD, hostPort: MYSQL_HOST_PORT } = server;
    Object.assign(ingestion.env, { MYSQL_USER, MYSQL_PASSWORD, MYSQL_HOST_PORT });
    await ingestion.startWorker();
  });
  after(async () => {
    await ingestion?.stop();
    await server?.stop();
  });

  /**
   * As the file's author did, with the client program: it knows DELIMITER and carries on after what this version does
   * not take.
   */
  const client = (file: string): void => {
    const { error } = spawnSync('mariadb', ['--force', '-u', 'root', '-S', server.socketPath], {
      input: readFileSync(`${DATA}/${file}`),
    });
    if (error !== undefined) throw error;
  };
  const write = (name: string, text: string): void => writeFileSync(join(ingestion.recipesDir, name), text);
  const recipe = (file: string, ...changes: readonly (readonly [string, string])[]): string =>
    changes.reduce((text, [from, to]) => text.replaceAll(from, to), readFileSync(join('recipes', file), 'utf8'));
  const run = async (name: string): Promise<RunReport> => {
    const { stdout, stderr } = await runCli(['run', name, '--json', '--quiet'], {
      env: ingestion.env,
      cwd: ingestion.folder,
    });
    expect(stdout, stderr).not.to.equal('');
    return JSON.parse(stdout) as RunReport;
  };

  /** Columns that flow into a table, `column <- table.column`, sorted. */
  async function into(fqn: string): Promise<string[]> {
    const path = `/v1/lineage/table/name/${encodeURIComponent(fqn)}?upstreamDepth=1&downstreamDepth=0`;
    const answer = await fetch(`${ingestion.catalog.hostPort}${path}`, {
      headers: { Authorization: `Bearer ${ingestion.catalog.token}` },
    });
    const { upstreamEdges = [] } = lineage.parse(await answer.json());
    const last = (column: string, count: number): string => column.split('.').slice(-count).join('.');
    return upstreamEdges
      .flatMap(({ lineageDetails: { columnsLineage = [] } }) => columnsLineage)
      .flatMap(({ fromColumns, toColumn }) => fromColumns.map((from) => `${last(toColumn, 1)} <- ${last(from, 2)}`))
      .sort();
  }

  it('gives it of a MariaDB general log, each statement as it says', async () => {
    client('general-log-tables.sql');

    write('mysql-metadata.yaml', recipe('mysql/metadata.yaml', ['${MYSQL_SERVICE:-mysql}', 'bug']));
    write('mysql-lineage.yaml', recipe('mysql/lineage.yaml', ['${MYSQL_SERVICE:-mysql}', 'bug']));
    const metadata = await run('mysql-metadata.yaml');
    expect(metadata.state, JSON.stringify(metadata)).to.equal('success');
    await server.logStatements(true);
    client('general-log-workload.sql');
    const report = await run('mysql-lineage.yaml');
    const found = Object.fromEntries(
      await Promise.all(
        Object.keys(WORKLOAD).map(async (name) => [name, await into(`bug.default.bug_lin.${name}`)] as const)
      )
    );
    expect(found, JSON.stringify(report)).to.deep.equal(WORKLOAD);
    expect(await into('bug.default.bug_lin.o5')).to.include.members(['a <- s.y', 'id <- s.id']);
  });

  it('counts texts of a CSV log that are not understood, with an example, and reads rows with bare quotes', async () => {
    for (const name of ['query-log-not-understood', 'query-log-bare-quotes']) {
      cpSync(`${DATA}/${name}.csv`, join(ingestion.folder, `${name}.csv`));
      write(
        `${name}.yaml`,
        recipe(
          'query-log/lineage.yaml',
          ['type: query-log-lineage', 'type: mysql-lineage'],
          ['${QUERY_LOG_SERVICE}', 'bug'],
          ['${QUERY_LOG_PATH}', join(ingestion.folder, `${name}.csv`)]
        )
      );
    }
    const report = await run('query-log-not-understood.yaml');
    const notes = report.notes.join('\n');
    expect(notes, JSON.stringify(report)).to.match(/\b[234]\b.*(not understood|doubt)/);
    expect(notes).to.match(/SELEKT|garbage|OJ/);
    const quoted = await run('query-log-bare-quotes.yaml');
    expect(quoted.state, JSON.stringify(quoted)).to.equal('success');
    expect(await into('bug.default.bug_lin.o1')).to.include('a <- s.x');
  });

  it('gives it of SQLite views with bracketed names as of those without', async () => {
    const file = join(ingestion.folder, 'brackets.db');
    const database = new Database(file);
    database.exec(readFileSync(`${DATA}/sqlite-brackets.sql`, 'utf8'));
    database.close();
    for (const kind of ['metadata', 'lineage'])
      write(
        `brackets-${kind}.yaml`,
        recipe(
          `quickstart/${kind}.yaml`,
          ['quickstart_shop', 'tracks'],
          ['${QUICKSTART_DATABASE:-.om-ingest/quickstart/shop.db}', file]
        )
      );
    expect((await run('brackets-metadata.yaml')).state).to.equal('success');
    expect((await run('brackets-lineage.yaml')).state).to.equal('success');
    const track = ['TrackId <- Track.TrackId', 'Title <- Album.Title'];
    expect(await into('tracks.shop.main.v_plain')).to.have.members([...track, 'Name <- Track.Name']);
    expect(await into('tracks.shop.main.v_mixed')).to.have.members(track);
    expect(await into('tracks.shop.main.Track List')).to.have.members([...track, 'Name <- Track.Name']);
    expect(await into('tracks.shop.main.v_sub')).to.deep.equal(['Subtotal <- Order Details.Price']);
  });

  it('holds every odd kind of MariaDB table, view and name', async () => {
    client('mariadb-odd-schema.sql');
    write('odd.yaml', recipe('mysql/metadata.yaml', ['${MYSQL_SERVICE:-mysql}', 'odd']));
    const first = await run('odd.yaml');
    expect(first.steps.at(-1), JSON.stringify(first)).to.include({ errors: 0 });
    const second = await run('odd.yaml');
    expect(second.steps.at(-1)).to.include({ records: 0, updated: 0, deleted: 0, errors: 0 });
  });
});
