import { journalOfLineage } from './journal-of-lineage.js';
import { mergeLineageActivity } from './merge-lineage.js';
import { parseLineageActivity } from './parse-lineage.js';
import { planWindowsActivity } from './plan-windows.js';
import { prepareLineage } from './prepare-lineage.js';
import { publishLineageActivity } from './publish-lineage.js';
import { readLogActivity } from './read-log.js';
import { stageViewsActivity } from './stage-views.js';
import { markViewsProcessedActivity, removeViewLineageActivity } from './view-lineage.js';
import { lineageCommands } from './lineage-commands.js';

/** Everything lineage runs, except the recipe's model, the workflow and the class. */
export const lineageWork = {
  preparation: prepareLineage,
  commands: lineageCommands,
  journals: journalOfLineage,
  activities: {
    stageViews: stageViewsActivity,
    planWindows: planWindowsActivity,
    readLog: readLogActivity,
    parseLineage: parseLineageActivity,
    mergeLineage: mergeLineageActivity,
    removeViewLineage: removeViewLineageActivity,
    publishLineage: publishLineageActivity,
    markViewsProcessed: markViewsProcessedActivity,
  },
};
