import { KIND_NAMES } from '../../../src/contract/kinds.js';
import { expect } from 'chai';
import { hasMariadb } from '../../services/mariadb.js';
import { SEEDS } from '../seeds.js';
import { allCases, MOST_CASES, pairwiseCases } from './cases.js';
import { FAULT_NAMES, faultOf } from './faults.js';
import { KindsLab } from './kinds-lab.js';
import { MOMENTS } from './stages.js';

/** `npm run test:faults -- --all`; else the pairwise set of the first seed. */
const ALL = process.env['FAULTS'] === 'all';
const ONLY = new RegExp(process.env['FAULT'] ?? '');

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

  for (const each of ALL ? allCases(SEEDS) : pairwiseCases(SEEDS[0] ?? 1)) {
    const title = `of ${each.kind} ends as if nothing had been when it meets ${each.fault} while it ${each.moment} (seed ${each.seed})`;
    if (ONLY.test(title)) it(title, () => lab.meet(each));
  }
});
