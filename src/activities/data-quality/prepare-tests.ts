import { findSuite } from '../../data-quality/index.js';
import { splitFqn } from '../../openmetadata/index.js';
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
  prepare: async ({ recipe, staged, shared }) => {
    // Tests of one table have one service. A logical suite spans several: one that can't be opened costs its own tests
    // only.
    const table = recipe.source.sourceConfig.config.entityFullyQualifiedName;
    const [service] = table === undefined ? [] : splitFqn(table);
    if (service !== undefined) await shared.connections.ofService(staged, service);
    return { plan: { threads: THREADS } };
  },
};
