import { addForeignKeysActivity } from './add-foreign-keys.js';
import { extractUnitActivity } from './extract-unit.js';
import { journalOfMetadata } from './journal-of-metadata.js';
import { leaveMarked, leaveStanding } from './leave-standing.js';
import { listScopesActivity } from './list-scopes.js';
import { markDeletedActivity } from './mark-deleted.js';
import { prepareMetadata } from './prepare-metadata.js';
import { publishScopesActivity } from './publish-scopes.js';
import { publishUnitActivity } from './publish-unit.js';
import { metadataCommands } from './metadata-commands.js';

/** Everything metadata runs, except the recipe's model, the workflow and the class. */
export const metadataWork = {
  preparation: prepareMetadata,
  commands: metadataCommands,
  journals: journalOfMetadata,
  leave: leaveStanding,
  leaveEarly: leaveMarked,
  activities: {
    listScopes: listScopesActivity,
    publishScopes: publishScopesActivity,
    extractUnit: extractUnitActivity,
    publishUnit: publishUnitActivity,
    addForeignKeys: addForeignKeysActivity,
    markDeleted: markDeletedActivity,
  },
};
