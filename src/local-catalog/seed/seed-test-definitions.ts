import { omit } from '../json-value.js';
import type { EntityStore } from '../store/entity-store.js';
import { BUILT_IN_TESTS } from './test-definitions.js';

/** Creates the built-in test definitions that the file doesn't have yet. */
export function seedTestDefinitions(store: EntityStore, now: number): void {
  store.sqlite.transaction(() => {
    for (const [name, body] of BUILT_IN_TESTS) {
      if (store.stub('testDefinition', name) !== undefined) continue;
      store.insert(
        {
          type: 'testDefinition',
          fqn: name,
          parentFqn: undefined,
          name,
          updatedBy: 'admin',
          sourceHash: undefined,
          document: omit(body, ['name']),
        },
        now
      );
    }
  });
}
