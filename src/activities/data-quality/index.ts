import { listTestsActivity } from './list-tests.js';
import { prepareTests } from './prepare-tests.js';
import { publishResultsActivity } from './publish-results.js';
import { qualityJournals } from './quality-journals.js';
import { runTestsActivity } from './run-tests.js';
import { dataQualityCommands } from './data-quality-commands.js';

/** Everything data quality runs, except the recipe's model, the workflow and the class. */
export const dataQualityWork = {
  preparation: prepareTests,
  commands: dataQualityCommands,
  journals: qualityJournals,
  activities: {
    listTests: listTestsActivity,
    runTests: runTestsActivity,
    publishResults: publishResultsActivity,
  },
};
