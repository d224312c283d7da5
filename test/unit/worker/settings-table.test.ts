import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { Command } from 'commander';
import { expect } from 'chai';
import { addWorkerFlags } from '../../../src/client/cli/worker-flags.js';
import { WORKER_VARIABLES, readWorkerSettings, type WorkerSettings } from '../../../src/worker/index.js';

/** Rows of the table of docs/operations.md: variable, flag, default. */
const ROWS = readFileSync('docs/operations.md', 'utf8')
  .split('\n')
  .filter((line) => /^\| `(OM_INGEST|TEMPORAL)_/.test(line))
  .map((line) => {
    const [variable = '', flag = '', value = ''] = line
      .split('|')
      .slice(1)
      .map((cell) => cell.trim().replaceAll('`', ''));
    return { variable, flag, value };
  });

describe('The table of worker settings in docs/operations.md', () => {
  const flags = addWorkerFlags(new Command()).options;

  it('has a row for each variable and no other', () => {
    expect(ROWS.map(({ variable }) => variable)).to.have.members(Object.values(WORKER_VARIABLES));
  });

  it('has each flag of om-ingest worker, beside the variable that the flag stands for', () => {
    const named = flags.map(({ long, description }) => ({ long, variable: /OM_INGEST_\w+/.exec(description)?.[0] }));
    const documented = ROWS.filter(({ flag }) => flag !== '').map(({ flag, variable }) => ({ long: flag, variable }));
    expect(documented).to.have.deep.members(named);
  });

  for (const [key, variable] of Object.entries(WORKER_VARIABLES)) {
    it(`says the default of ${variable}, as the flag's help does`, () => {
      const inForce = defaultText(readWorkerSettings({})[key as keyof WorkerSettings]);
      expect(ROWS.find((row) => row.variable === variable)?.value).to.equal(inForce);
      const help = flags.find(({ description }) => description.includes(`${variable};`))?.description;
      if (help !== undefined) expect(/default ([^)]+)\)/.exec(help)?.[1]).to.equal(inForce);
    });
  }
});

function defaultText(value: string | number | boolean | undefined): string {
  if (value === undefined) return 'off';
  if (typeof value !== 'string' || !value.startsWith('/')) return String(value);
  return `./${relative(process.cwd(), value)}`;
}
