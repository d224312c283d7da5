import { KIND_NAMES } from '../../../src/contract/kinds.js';
import { expect } from 'chai';
import { hasMariadb } from '../../services/mariadb.js';
import { SEEDS, seedOf } from '../seeds.js';
import { allCases, chosenCases, MOST_CASES, pairwiseCases, titleOf } from './cases.js';
import { FAULT_NAMES, faultOf } from './faults.js';
import { KindsLab } from './kinds-lab.js';
import { MOMENTS } from './stages.js';

/** `npm run test:faults -- --all`; else the pairwise set of the first seed. */
const ALL = process.env['FAULTS'] === 'all';
const CASES = chosenCases(ALL ? allCases(SEEDS) : pairwiseCases(SEEDS[0] ?? 1), process.env['FAULT']);

describe('A run of any kind', function () {
  // a case takes ten seconds; on a machine that is starved it may take minutes
  this.timeout(300_000);
  let lab: KindsLab;
  before(async function () {
    if (!hasMariadb()) return this.skip();
    lab = await KindsLab.open();
  });
  after(() => lab?.close());
  afterEach(async function () {
    if (this.currentTest?.timedOut === true) await lab.abandon();
  });

  it('meets each fault, and each fault and each kind at each moment, in few cases', () => {
    const [seed = 1] = SEEDS;
    const cases = pairwiseCases(seed);
    expect(cases.length).to.be.at.most(MOST_CASES);
    for (const fault of FAULT_NAMES) {
      const kinds = faultOf(fault).kinds ?? KIND_NAMES;
      const met = cases.filter((each) => each.fault === fault);
      expect(met.map(({ kind }) => kind)).to.have.members([...kinds]);
      expect(new Set(met.map(({ moment }) => moment)).size).to.equal(Math.min(kinds.length, MOMENTS.length));
    }
    for (const kind of KIND_NAMES)
      expect(new Set(cases.filter((each) => each.kind === kind).map(({ moment }) => moment)).size).to.equal(3);
  });

  it('asks the search index in those kinds that meet it lagging, and in no other', async () => {
    const asking: string[] = [];
    for (const kind of KIND_NAMES) if ((await lab.cleanRun(kind)).searches) asking.push(kind);
    expect(asking).to.have.members([...(faultOf('a lagging search index').kinds ?? [])]);
  });

  for (const each of CASES) it(titleOf(each), () => lab.meet(each));
});

describe('FAULT and SEED', () => {
  it('choose cases by name, and are refused with what is allowed when they name none', () => {
    const chosen = chosenCases(pairwiseCases(1), 'usage.*disk');
    expect(chosen.map(({ kind, fault }) => [kind, fault])).to.deep.equal([['usage', 'a full staging disk']]);
    expect(() => chosenCases(pairwiseCases(1), 'usge')).to.throw(
      /FAULT=usge names no case of \d+\.[^]*metadata, [^]*a full staging disk, [^]*-- --all/
    );
    expect(seedOf('3')).to.equal(3);
    for (const text of ['three', '', '-1']) expect(() => seedOf(text)).to.throw('is no seed');
  });
});
