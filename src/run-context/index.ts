export { Connections, type RestCall, type ServiceConnection } from './connections.js';
export { explainEntity } from './explain-entity.js';
export { journalPage } from './journal-page.js';
export { currentRecorder, withRecorder } from './current-recorder.js';
export { OpenCalls, withOpenCalls } from './open-calls.js';
export {
  loadRecipe,
  stagedFrom,
  stageRecipe,
  stagedRecipeOf,
  type LoadedRecipe,
  type RecipeReader,
  type StagedRecipe,
} from './load-recipe.js';
export {
  commitFirst,
  earlierFact,
  factOf,
  factsForStatus,
  factsIn,
  readEarlierFacts,
  readFactsOfRuns,
  stageEarlierFacts,
  stageFact,
  type RunFacts,
  type SmallFacts,
} from './small-facts.js';
export { missingService, serviceThere } from './missing-service.js';
export { MeasureSources } from './measure-sources.js';
