import { expect } from 'chai';
import {
  KINDS,
  KINDS_NOT_HERE,
  KIND_NAMES,
  factsOf,
  kindOfWorkflow,
  writtenType,
} from '../../../src/contract/kinds.js';
import * as api from '../../../src/client/index.js';
import * as workflows from '../../../src/workflows/index.js';

describe('the list of kinds', () => {
  for (const kind of KIND_NAMES) {
    it(`has a workflow and a class for ${kind}, under the names that users type`, () => {
      expect(workflows).to.have.property(KINDS[kind].workflowType);
      expect(api).to.have.property(KINDS[kind].className);
      expect(kindOfWorkflow(KINDS[kind].workflowType)).to.equal(kind);
    });
  }

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
