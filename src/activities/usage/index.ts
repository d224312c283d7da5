import { aggregateUsageActivity } from './aggregate-usage.js';
import { journalOfUsage } from './journal-of-usage.js';
import { leaveSentUsage } from './leave-sent-usage.js';
import { parseUsageActivity } from './parse-usage.js';
import { planUsageWindowsActivity } from './plan-usage-windows.js';
import { prepareUsage } from './prepare-usage.js';
import { publishUsageActivity } from './publish-usage.js';
import { readUsageActivity } from './read-usage.js';
import { usageCommands } from './usage-commands.js';

/** Everything usage runs, except the recipe's model, the workflow and the class. */
export const usageWork = {
  preparation: prepareUsage,
  commands: usageCommands,
  journals: journalOfUsage,
  leaveEarly: leaveSentUsage,
  activities: {
    planUsageWindows: planUsageWindowsActivity,
    readUsage: readUsageActivity,
    parseUsage: parseUsageActivity,
    aggregateUsage: aggregateUsageActivity,
    publishUsage: publishUsageActivity,
  },
};
