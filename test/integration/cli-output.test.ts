import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { z } from 'zod';
import { startIngestion, type Ingestion } from '../services/ingestion.js';

const MAIN = join(process.cwd(), 'dist/src/client/cli/main.js');

describe('The output of om-ingest', () => {
  let ingestion: Ingestion;

  before(async () => {
    ingestion = await startIngestion();
  });
  after(() => ingestion.stop());

  /** Runs a line of bash with `om-ingest` in it; `code` is that of the pipe's first command. */
  const shell = async (line: string, env: NodeJS.ProcessEnv = {}): Promise<{ code: number; stderr: string }> => {
    const script = `om-ingest() { '${process.execPath}' '${MAIN}' "$@"; }\n${line}\nexit \${PIPESTATUS[0]}`;
    const options = { cwd: ingestion.folder, env: { ...process.env, ...ingestion.env, ...env } };
    return promisify(execFile)('bash', ['-c', script], options).then(
      ({ stderr }) => ({ code: 0, stderr }),
      (error: unknown) => z.object({ code: z.number(), stderr: z.string() }).parse(error)
    );
  };

  it('may be read in part: check | head ends quietly', async () => {
    expect(await shell('om-ingest check recipes/shop.yaml | true')).to.deep.equal({ code: 0, stderr: '' });
  });

  it('may lose all its readers: a run inside the command goes on to its end and is reported', async () => {
    const temporary = join(ingestion.folder, 'tmp');
    mkdirSync(temporary);
    const { code } = await shell('om-ingest run recipes/shop.yaml --local 2>&1 | true', { TMPDIR: temporary });
    expect(code).to.equal(0);
    const { url, token } = ingestion.catalog;
    const fqn = 'quickstart_shop.metadata';
    const answer = await fetch(
      `${url}/api/v1/services/ingestionPipelines/${fqn}/pipelineStatus?startTs=0&endTs=9999999999999`,
      {
        headers: { authorization: `Bearer ${token}` },
      }
    );
    const statuses = z
      .object({ data: z.array(z.looseObject({ pipelineState: z.string() })) })
      .parse(await answer.json());
    expect(statuses.data.map(({ pipelineState }) => pipelineState)).to.deep.equal(['success']);
    // nor does its Temporal server leave a log behind
    expect(readdirSync(temporary).filter((name) => name.startsWith('om-ingest'))).to.deep.equal([]);
  });

  it('that can not be written is said, and the command fails', async () => {
    const { code, stderr } = await shell('om-ingest validate recipes/shop.yaml > /dev/full');
    expect(code).to.equal(2);
    expect(stderr).to.match(/^error: the output can't be written: ENOSPC[^\n]*\n$/);
  });
});
