import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { KIND_WORK } from '../../../src/activities/kinds.generated.js';
import * as api from '../../../src/client/index.js';
import {
  KINDS,
  KINDS_NOT_HERE,
  KIND_NAMES,
  factsOf,
  kindOfWorkflow,
  writtenType,
} from '../../../src/contract/kinds.js';
import { SIDE_WORKFLOWS } from '../../../src/contract/names.js';
import * as workflows from '../../../src/workflows/index.js';

const WRITER = join(process.cwd(), '.ci/write-kinds.js');
const WRITTEN = [
  'src/recipe/kinds/kinds.generated.ts',
  'src/activities/kinds.generated.ts',
  'src/workflows/kinds.generated.ts',
  'src/client/kinds.generated.ts',
];

/** What the script that writes the lists says. */
function writeKinds(root: string, ...args: string[]): string {
  return spawnSync(process.execPath, [WRITER, ...args], { cwd: root, encoding: 'utf8' }).stderr;
}

/** Files of src that may name many kinds for another reason. */
const OTHERS = [
  'src/contract/kinds.ts',
  // OpenMetadata's own list of pipelines, of which ours are a part
  'src/openmetadata/entities/ingestion-pipeline.ts',
  'src/local-catalog/bodies/pipeline-bodies.ts',
  // short names of types, which a kind need not have
  'src/recipe/recipe-model.ts',
];

describe('the list of kinds', () => {
  it('is what the lists in the rooms were written from; after a change of it: npm run kinds', () => {
    expect(writeKinds('.', '--check')).to.equal('');
  });

  it('brings a line into each of those lists for a further kind, and names the files that it has to have', () => {
    const root = mkdtempSync(join(tmpdir(), 'om-kinds-'));
    try {
      for (const file of ['src/contract/kinds.ts', ...WRITTEN]) cpSync(file, join(root, file));
      const list = join(root, 'src/contract/kinds.ts');
      const entry = `'auto-classification': { workflowType: 'autoClassificationWorkflow', className: 'AutoClassificationWorkflow' },`;
      writeFileSync(list, readFileSync(list, 'utf8').replace('export const KINDS = {', `$& ${entry}`));
      const stale = WRITTEN.map((file) => `${file} is not what src/contract/kinds.ts makes of it: npm run kinds`);
      expect(writeKinds(root, '--check').split('\n')).to.include.members(stale);
      expect(writeKinds(root).split('\n')).to.include.members([
        'src/recipe/kinds/auto-classification.ts is not there yet: it exports autoClassificationModel.',
        'src/activities/auto-classification/index.ts is not there yet: it exports autoClassificationWork.',
        'src/workflows/auto-classification-workflow.ts is not there yet: it exports autoClassificationWorkflow.',
        'src/client/auto-classification-workflow.ts is not there yet: it exports AutoClassificationWorkflow.',
      ]);
      const lists = WRITTEN.map((file) => readFileSync(join(root, file), 'utf8').split('\n'));
      expect(lists[0]).to.include("  'auto-classification': autoClassificationModel,");
      expect(lists[1]).to.include("  'auto-classification': autoClassificationWork,");
      expect(lists[2]).to.include("export { autoClassificationWorkflow } from './auto-classification-workflow.js';");
      expect(lists[3]).to.include("export { AutoClassificationWorkflow } from './auto-classification-workflow.js';");
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });

  it('gives workflows and classes the names that users type', () => {
    for (const { workflowType, className } of KIND_NAMES.map(factsOf)) {
      expect(workflows).to.have.property(workflowType);
      expect(api).to.have.property(className);
    }
    expect(KIND_NAMES.map((kind) => kindOfWorkflow(KINDS[kind].workflowType))).to.deep.equal(KIND_NAMES);
  });

  it('has, with those that run beside them, all workflows that a worker knows', () => {
    const known = Object.keys(workflows).filter((name) => name.endsWith('Workflow'));
    const kinds = KIND_NAMES.map((kind) => KINDS[kind].workflowType);
    expect(known).to.have.members([...kinds, ...Object.values(SIDE_WORKFLOWS)]);
  });

  it('has no copy elsewhere in src', () => {
    const kind = new RegExp(`'(${KIND_NAMES.join('|')})'|^ +(${KIND_NAMES.join('|')}): `, 'gm');
    const listing = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => `src/${file}`)
      .filter((file) => {
        const found = readFileSync(file, 'utf8').matchAll(kind);
        return new Set([...found].map(([, quoted, key]) => quoted ?? key)).size > 2;
      });
    const allowed = [...OTHERS, ...WRITTEN];
    expect(listing.filter((file) => !allowed.includes(file))).to.deep.equal([]);
  });

  it('gives each activity of the kinds a name of its own', () => {
    const names = KIND_NAMES.flatMap((name) => Object.keys(KIND_WORK[name].activities));
    expect(names).to.have.length(new Set(names).size);
  });

  it('tells recipes of all kinds apart by source.type and sourceConfig.config.type', () => {
    const recipes = KIND_NAMES.map(factsOf).map((facts) => `${writtenType(facts, 'mysql')} ${facts.configType}`);
    expect(new Set(recipes).size).to.equal(KIND_NAMES.length);
  });

  it('names no kind as one that is not here when it is', () => {
    const here = KIND_NAMES.map((kind) => factsOf(kind).configType);
    expect(KINDS_NOT_HERE.filter(({ configType }) => here.includes(configType))).to.deep.equal([]);
    expect(KINDS_NOT_HERE.map(({ title }) => title)).to.include('auto-classification');
  });

  it("knows no kind of a workflow type that is somebody else's", () => {
    expect(kindOfWorkflow('orderWorkflow')).to.equal(undefined);
  });
});
