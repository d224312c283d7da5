import { journalOfProfiler } from './journal-of-profiler.js';
import { listProfiledTablesActivity } from './list-profiled-tables.js';
import { prepareProfiler } from './prepare-profiler.js';
import { profileUnitActivity } from './profile-unit.js';
import { rememberEarlyEnd } from './remember-early-end.js';
import { rememberProfilesActivity } from './remember-profiles.js';
import { profilerCommands } from './profiler-commands.js';

/** Everything the profiler runs, except the recipe's model, the workflow and the class. */
export const profilerWork = {
  preparation: prepareProfiler,
  commands: profilerCommands,
  journals: journalOfProfiler,
  leaveEarly: rememberEarlyEnd,
  activities: {
    listProfiledTables: listProfiledTablesActivity,
    profileUnit: profileUnitActivity,
    rememberProfiles: rememberProfilesActivity,
  },
};
