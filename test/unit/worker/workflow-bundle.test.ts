import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';
import { expect } from 'chai';
import { WORKFLOWS_FILE } from '../../../src/worker/workflow-bundle.js';

/** What workflow code may be made of besides the SDK's own. */
const ROOMS_IN_BUNDLE = ['contract', 'workflows', 'report'];

/** The SDK's workflow library and what it brings itself: the same in an empty workflow. */
const PACKAGES_IN_BUNDLE = ['@temporalio/common', '@temporalio/workflow', 'long', 'ms', 'nexus-rpc'];

describe('The workflow bundle', () => {
  let code: string;
  before(async function () {
    this.timeout(60_000);
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
    expect(Buffer.byteLength(code)).to.be.below(2_000_000);
  });
});
