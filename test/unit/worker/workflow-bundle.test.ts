import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';
import { expect } from 'chai';
import { ENCODED_FAILURES } from '../../../src/worker/encrypting-codec.js';
import { bundleText, workflowSource, WORKFLOWS_FILE } from '../../../src/worker/workflow-bundle.js';

/** What workflow code may be made of besides the SDK's own. */
const ROOMS_IN_BUNDLE = ['contract', 'workflows', 'report'];

/** The SDK's workflow library and what it brings itself: the same in an empty workflow. */
const PACKAGES_IN_BUNDLE = ['@temporalio/common', '@temporalio/workflow', 'long', 'ms', 'nexus-rpc'];

describe('The workflow bundle', () => {
  let code: string;
  before(async function () {
    this.timeout(240_000);
    ({ code } = await bundleWorkflowCode({ workflowsPath: WORKFLOWS_FILE, logger: new DefaultLogger('ERROR') }));
  });

  const modules = (): string[] => [...code.matchAll(/^\/\*{3}\/ "(\.\/[^"]+)"/gm)].map((match) => match[1] ?? '');

  it('holds of this project workflow code, the contract and the pure counting of the report', () => {
    const own = modules().filter((name) => name.startsWith('./dist/src/'));
    const rooms = new Set(own.map((name) => /\/dist\/src\/([^/]+)\//.exec(name)?.[1]));
    expect([...rooms].sort()).to.deep.equal([...ROOMS_IN_BUNDLE].sort());
    expect(
      own
        .filter((name) => name.includes('/report/'))
        .map((name) => name.split('/').at(-1))
        .sort()
    ).to.deep.equal(['part-report.js', 'step-counts.js']);
  });

  it('holds no package that is not part of the SDK: no zod, no yaml, no driver, no logger', () => {
    const packages = modules().flatMap((name) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(name)?.[1] ?? []);
    expect([...new Set(packages)].sort()).to.deep.equal(PACKAGES_IN_BUNDLE);
  });

  it('stays small, since every cached workflow pays for it', () => {
    expect(Buffer.byteLength(code)).to.be.below(2_050_000);
  });

  it('is taken as it was built by the version of the SDK in use; else the worker bundles at its start', () => {
    const folder = mkdtempSync(join(tmpdir(), 'om-bundle-'));
    const file = join(folder, 'workflow-bundle.js');
    try {
      const files = { plain: file, encoding: `${file}.encoding` };
      expect(workflowSource({}, files), 'no file').to.deep.equal({ workflowsPath: WORKFLOWS_FILE });
      writeFileSync(file, bundleText(code));
      expect(workflowSource({}, files)).to.deep.equal({ workflowBundle: { codePath: file } });
      const encoding = { failureConverterPath: ENCODED_FAILURES };
      expect(workflowSource(encoding, files), 'not the one that encrypts').to.deep.equal({
        workflowsPath: WORKFLOWS_FILE,
      });
      writeFileSync(files.encoding, bundleText(code));
      expect(workflowSource(encoding, files)).to.deep.equal({ workflowBundle: { codePath: files.encoding } });
      const own = { failureConverterPath: '/their/converter.cjs' };
      expect(workflowSource(own, files), 'a converter of their own').to.deep.equal({ workflowsPath: WORKFLOWS_FILE });
      writeFileSync(file, bundleText(code).replace(/^(.* )\S+\n/, '$1999.0.0\n'));
      expect(workflowSource({}, files), 'another version').to.deep.equal({ workflowsPath: WORKFLOWS_FILE });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
