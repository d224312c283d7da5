import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import { WorkflowFailedError } from '@temporalio/client';
import { expect } from 'chai';
import { decoded, formsOf, historyOf } from '../services/secret-search.js';
import type { FaultLab } from './fault-lab.js';
import { faultRecipe } from './fault-source.js';
import type { MariadbSource } from './mariadb-source.js';
import { mariadbLab } from './shared-lab.js';

/** Values that no server takes: what is said about them is what this is about. */
const WRONG_PASSWORD = 'Sent1nel-pass/+w0rd@:';
const WRONG_TOKEN = `eyJhbGciOiJIUzI1NiJ9.${Buffer.from('{"sub":"sentinel-token","isBot":true}').toString('base64url')}.c2VudGluZWw`;

describe('Secrets', function () {
  this.timeout(180_000);
  let lab: FaultLab<MariadbSource>;
  before(async () => {
    lab = await mariadbLab();
  });

  it('stand in no history, log, heartbeat, report, staged chunk or catalog, whatever fails', async () => {
    const found: string[] = [];
    await lab.trial('secrets', async (trial) => {
      const { password } = lab.source.mariadb;
      const look = (where: string, text: string): void => {
        for (const [name, secret] of Object.entries({ password, token: trial.token, WRONG_PASSWORD, WRONG_TOKEN }))
          for (const form of formsOf(secret)) if (text.includes(form)) found.push(`${name} in ${where}`);
      };
      const literal = (name: string, own: { password?: string; token?: string }): void => {
        const text = faultRecipe(lab.source)
          .replace('${LAB_PASSWORD}', own.password ?? password)
          .replace('${LAB_TOKEN}', own.token ?? trial.token);
        writeFileSync(path.join(lab.recipesDir, `${name}.yaml`), text);
      };

      // By reference, with the catalog failing on the way; what is staged is looked at while it is there.
      // Not for ever: attempts of nine calls would all fail at the same one.
      let failing = 15;
      trial.proxy.onCall(({ n, method }) => {
        if (n % 9 !== 0 || method === 'POST' || failing === 0) return undefined;
        failing -= 1;
        return { kind: 'status', status: 500 };
      });
      await trial.untilChunks(2);
      trial.worker.freeze();
      const staged = filesBelow(trial.staging);
      expect(staged.some((file) => file.endsWith('.ndjson.gz'))).to.equal(true);
      for (const file of staged) look(`staged ${path.basename(file)}`, contentOf(file));
      trial.worker.thaw();
      await trial.handle.result();
      trial.proxy.onCall(() => undefined);

      // As literals of a recipe file: right ones, and wrong ones that servers refuse.
      literal('literal', {});
      await (await trial.start('secrets-literal', 'literal.yaml')).result();
      for (const [name, own] of [
        ['wrong-password', { password: WRONG_PASSWORD }],
        ['wrong-token', { token: WRONG_TOKEN }],
      ] as const) {
        literal(name, own);
        const failed = await trial.start(`secrets-${name}`, `${name}.yaml`);
        expect(await failed.result().catch((error: unknown) => error)).to.be.instanceOf(WorkflowFailedError);
      }
      // Inline: refused, and not repeated in the refusal. The input itself is the user's own doing.
      await trial.worker.terminate();
      look('the log of the worker', await trial.worker.log);
      for (const id of ['secrets', 'secrets-literal', 'secrets-wrong-password', 'secrets-wrong-token']) {
        const history = await historyOf(id, lab.temporal.address);
        look(`the history of ${id}`, history);
        look(`the decoded history of ${id}`, decoded(history));
      }
      for (const suffix of ['', '-wal'])
        if (readdirSync(path.dirname(trial.catalogFile)).includes(`secrets.db${suffix}`))
          look('the file of the catalog', readFileSync(`${trial.catalogFile}${suffix}`, 'latin1'));
      look('the statuses', JSON.stringify(await trial.statuses()));
    });
    expect(found).to.deep.equal([]);
  });

  it('would be found: the search sees a secret in clear, in base64 and in a payload', () => {
    const payload = Buffer.from(`{"a":"${WRONG_PASSWORD}"}`).toString('base64');
    expect(decoded(`{"data": "${payload}"}`)).to.include(WRONG_PASSWORD);
    expect(formsOf(WRONG_PASSWORD)).to.include.members([WRONG_PASSWORD, encodeURIComponent(WRONG_PASSWORD)]);
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => path.join(folder, String(name)))
    .filter((file) => statSync(file).isFile());
}

/** The worker may have been frozen while it wrote a chunk: then what is there of it. */
function contentOf(file: string): string {
  const bytes = readFileSync(file);
  const unpack = (): Buffer => gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  return (file.endsWith('.gz') ? unpack() : bytes).toString('utf8');
}
