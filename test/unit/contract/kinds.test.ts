import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { KIND_WORK } from '../../../src/activities/kinds.js';
import * as api from '../../../src/client/index.js';
import {
  KINDS,
  KINDS_NOT_HERE,
  KIND_NAMES,
  factsOf,
  kindOfWorkflow,
  writtenType,
  type KindFacts,
} from '../../../src/contract/kinds.js';
import { KIND_MODELS } from '../../../src/recipe/index.js';
import * as workflows from '../../../src/workflows/index.js';

type Named = Pick<KindFacts, 'workflowType' | 'className'>;

/** Where a kind has a line besides its entry in contract/kinds.ts: docs/rooms.md says why there. */
const LINES = [
  {
    file: 'src/recipe/kinds/index.ts',
    list: KIND_MODELS,
    name: (kind: string) => kind,
    line: (kind: string) => `'${kind}': its recipe model, in KIND_MODELS`,
  },
  {
    file: 'src/activities/kinds.ts',
    list: KIND_WORK,
    name: (kind: string) => kind,
    line: (kind: string) => `'${kind}': what src/activities/${kind}/index.ts exports, in KIND_WORK`,
  },
  {
    file: 'src/workflows/index.ts',
    list: workflows,
    name: (_: string, { workflowType }: Named) => workflowType,
    line: (_: string, { workflowType }: Named) => `export { ${workflowType} } from './${dashed(workflowType)}.js';`,
  },
  {
    file: 'src/client/index.ts',
    list: api,
    name: (_: string, { className }: Named) => className,
    line: (_: string, { className }: Named) => `export { ${className} } from './${dashed(className)}.js';`,
  },
];

/** The lines that a kind lacks, as messages. */
function lacking(kind: string, facts: Named): string[] {
  return LINES.filter(({ list, name }) => !Object.hasOwn(list, name(kind, facts))).map(
    ({ file, line }) => `${kind} has no line in ${file}: ${line(kind, facts)}`
  );
}

function dashed(name: string): string {
  return name.replace(/(?<!^)[A-Z]/g, '-$&').toLowerCase();
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
  for (const kind of KIND_NAMES) {
    it(`has a line for ${kind} in each place that can't load the others, under the names that users type`, () => {
      expect(lacking(kind, factsOf(kind)).join('\n')).to.equal('');
      expect(kindOfWorkflow(KINDS[kind].workflowType)).to.equal(kind);
    });
  }

  it('names each line that a new kind lacks', () => {
    const facts = { workflowType: 'autoClassificationWorkflow', className: 'AutoClassificationWorkflow' };
    expect(lacking('auto-classification', facts)).to.deep.equal([
      "auto-classification has no line in src/recipe/kinds/index.ts: 'auto-classification': its recipe model, in KIND_MODELS",
      "auto-classification has no line in src/activities/kinds.ts: 'auto-classification': what src/activities/auto-classification/index.ts exports, in KIND_WORK",
      "auto-classification has no line in src/workflows/index.ts: export { autoClassificationWorkflow } from './auto-classification-workflow.js';",
      "auto-classification has no line in src/client/index.ts: export { AutoClassificationWorkflow } from './auto-classification-workflow.js';",
    ]);
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
    const allowed = [...OTHERS, ...LINES.map(({ file }) => file)];
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
