import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadConnectorModules } from '../../../src/client/cli/connector-modules.js';

const failure = async (names: string): Promise<string> => {
  try {
    await loadConnectorModules({ OM_INGEST_CONNECTORS: names });
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
};

describe('A module that OM_INGEST_CONNECTORS names', () => {
  const folder = mkdtempSync(join(tmpdir(), 'connector-modules-'));
  after(() => rmSync(folder, { recursive: true }));

  it('is told from what is missing: a file, a package, or what it imports itself', async () => {
    expect(await failure(join(folder, 'mine.js'))).to.equal(
      `OM_INGEST_CONNECTORS names ${folder}/mine.js, and there is no file ${folder}/mine.js. Paths are relative to the folder in which the command starts.`
    );
    expect(await failure('no-such-package')).to.match(/neither a file .*\/no-such-package nor an installed package/);
    const file = join(folder, 'half.mjs');
    writeFileSync(file, "import 'no-such-dependency';\n");
    expect(await failure(file)).to.match(/half\.mjs, which can't be loaded: .*no-such-dependency/);
  });

  it('exports connectors', async () => {
    const file = join(folder, 'empty.mjs');
    writeFileSync(file, 'export default {};\n');
    expect(await failure(file)).to.match(/empty\.mjs, whose default export isn't a connector/);
  });
});
