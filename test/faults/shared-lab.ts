import { FaultLab } from './fault-lab.js';

let lab: Promise<FaultLab> | undefined;

/** One lab for all files of this folder: its servers, its warehouse and its clean run are made once. */
export function sharedLab(): Promise<FaultLab> {
  lab ??= FaultLab.open();
  return lab;
}

// Registered outside of any describe: after the last test of all.
after(async function () {
  this.timeout(30_000);
  await (await lab)?.close();
});
