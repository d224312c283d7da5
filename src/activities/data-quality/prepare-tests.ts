import { findSuite } from '../../data-quality/index.js';
import type { KindPreparation } from '../run/kind-preparation.js';
import type { TestSuiteRecipe } from './open-quality-stage.js';

/** Tables tested at once: TestSuite recipes have no key for this. */
const THREADS = 4;

/** The pipeline belongs to the test suite. Services are opened where their tables are tested. */
export const prepareTests: KindPreparation<TestSuiteRecipe> = {
  owner: async ({ recipe, client, context }) => {
    const { serviceName, sourceConfig } = recipe.source;
    const { id } = await findSuite({ client, config: sourceConfig.config, serviceName, signal: context.signal });
    return { reference: { id, type: 'testSuite' } };
  },
  opensSource: () => false,
  prepare: async () => ({ plan: { threads: THREADS } }),
};
