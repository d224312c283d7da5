import { cancelWithSigterm } from '../faults/cancel-with-sigterm.js';
import type { FaultLab } from '../faults/fault-lab.js';
import { describeWithEachLab } from '../faults/shared-lab.js';

const TIMES = 20;

describeWithEachLab('A run that is cancelled in the moment that its worker is shut down', function ({ open }) {
  this.timeout(240_000);
  let lab: FaultLab;
  before(async () => {
    lab = await open();
  });

  for (let time = 1; time <= TIMES; time += 1)
    it(`is stopped (${time} of ${TIMES})`, () => cancelWithSigterm(lab, time));
});
