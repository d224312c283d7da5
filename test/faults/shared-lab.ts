import type { Suite } from 'mocha';
import { FaultLab } from './fault-lab.js';
import { MariadbSource } from './mariadb-source.js';
import { SnowflakeSource } from './snowflake-source.js';

let mariadb: Promise<FaultLab<MariadbSource>> | undefined;
let snowflake: Promise<FaultLab<SnowflakeSource>> | undefined;

/** One lab a source for all files of this folder: its servers, its warehouse and its clean run are made once. */
export function mariadbLab(): Promise<FaultLab<MariadbSource>> {
  return (mariadb ??= FaultLab.open(MariadbSource.start()));
}

export function snowflakeLab(): Promise<FaultLab<SnowflakeSource>> {
  return (snowflake ??= FaultLab.open(SnowflakeSource.start()));
}

const LABS = { MariaDB: mariadbLab, Snowflake: snowflakeLab };
export type LabName = keyof typeof LABS;

/** The same tests with the lab of each source. */
export function describeWithEachLab(
  title: string,
  tests: (this: Suite, openLab: () => Promise<FaultLab>, source: LabName) => void
): void {
  for (const source of ['MariaDB', 'Snowflake'] as const) {
    describe(`${title} (${source})`, function () {
      tests.call(this, LABS[source], source);
    });
  }
}

// Registered outside of any describe: after the last test of all.
after(async function () {
  this.timeout(30_000);
  await (await mariadb)?.close();
  await (await snowflake)?.close();
});
