import type { ExplainInput, Explanation } from '../../contract/explanation.js';
import { explainEntity } from '../../run-context/index.js';
import type { Shared } from './activity-deps.js';
import { inStage } from './stage-context.js';

export function explainEntityActivity({ store }: Shared): (input: ExplainInput) => Promise<Explanation> {
  return ({ fqn }) => inStage(({ progress }) => explainEntity(store, fqn, progress));
}
