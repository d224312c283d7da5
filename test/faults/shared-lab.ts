import type { Suite } from 'mocha';
import { FaultLab } from './fault-lab.js';
import { MariadbSource } from './mariadb-source.js';
import { PostgresSource } from './postgres-source.js';
import { SnowflakeSource } from './snowflake-source.js';

let mariadb: Promise<FaultLab<MariadbSource>> | undefined;
let postgres: Promise<FaultLab<PostgresSource>> | undefined;
let snowflake: Promise<FaultLab<SnowflakeSource>> | undefined;

/** One lab a source for all files of this folder: its servers, its warehouse and its clean run are made once. */
export function mariadbLab(): Promise<FaultLab<MariadbSource>> {
  return (mariadb ??= FaultLab.open(MariadbSource.start()));
}

export function postgresLab(): Promise<FaultLab<PostgresSource>> {
  return (postgres ??= FaultLab.open(PostgresSource.start()));
}

export function snowflakeLab(): Promise<FaultLab<SnowflakeSource>> {
  return (snowflake ??= FaultLab.open(SnowflakeSource.start()));
}

const LABS = { MariaDB: mariadbLab, PostgreSQL: postgresLab, Snowflake: snowflakeLab };
export type LabName = keyof typeof LABS;

/**
 * What is the same whatever is read is tried with one source alone, with PostgreSQL too by `npm run test:faults --
 * --all`.
 */
const ALL = process.env['FAULTS'] === 'all';

export interface EachLab {
  readonly source: LabName;
  readonly open: () => Promise<FaultLab>;
  /** Whether also that is tried which is the same whatever is read. */
  readonly whole: boolean;
}

/** The same tests with the lab of each source. */
export function describeWithEachLab(title: string, tests: (this: Suite, lab: EachLab) => void): void {
  for (const source of ['MariaDB', 'PostgreSQL', 'Snowflake'] as const) {
    const whole = source === 'MariaDB' || (source === 'PostgreSQL' && ALL);
    describe(`${title} (${source})`, function () {
      tests.call(this, { source, open: LABS[source], whole });
    });
  }
}

// Registered outside of any describe: after the last test of all.
after(async function () {
  this.timeout(30_000);
  await (await mariadb)?.close();
  await (await postgres)?.close();
  await (await snowflake)?.close();
});
