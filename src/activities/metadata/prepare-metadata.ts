import { AuthenticationError, PermanentError, TransientError } from '../../errors/index.js';
import { makeSelection } from '../../metadata/index.js';
import type { MetadataRecipe } from '../../recipe/index.js';
import { findSource } from '../../sources/index.js';
import { databaseServiceOf } from '../run/database-service.js';
import type { KindPreparation, RunInPreparation } from '../run/kind-preparation.js';
import { lookBack } from './incremental.js';
import { metadataOptions, sourceContext } from './open-stage.js';

export const prepareMetadata: KindPreparation<MetadataRecipe> = {
  owner: databaseServiceOf,
  opensSource: () => true,
  prepare: async (run) => {
    const { recipe, identity, client, context } = run;
    await checkSource(run);
    const changedSince = await lookBack(recipe, identity, client, context.recorder, context.signal);
    return {
      plan: { threads: recipe.source.sourceConfig.config.threads },
      ...(changedSince === undefined ? {} : { staged: { changedSince } }),
    };
  },
};

async function checkSource({
  shared,
  staged,
  recipe,
  identity,
  context,
}: RunInPreparation<MetadataRecipe>): Promise<void> {
  const spec = findSource(recipe.source.type);
  const config = (await shared.connections.ofService(staged)).config;
  const selection = makeSelection(recipe.source.serviceName, recipe.source.sourceConfig.config);
  const options = metadataOptions(staged, recipe);
  for await (const result of spec.check(config, sourceContext(identity, context), options, selection)) {
    if (result.passed) continue;
    // a server that is just starting is waited for like any other outage
    if (result.mandatory && result.error instanceof TransientError) throw result.error;
    const remedy = result.remedy === undefined ? '' : `${result.message.endsWith('.') ? '' : '.'} ${result.remedy}`;
    if (result.mandatory) {
      const Refused = result.error instanceof AuthenticationError ? AuthenticationError : PermanentError;
      throw new Refused(`${result.name}: ${result.message}${remedy}`, { where: 'source.serviceConnection' });
    }
    context.recorder.count('source', { warnings: 1 });
    const text = `${result.name}: ${result.message}${remedy}`;
    if (result.right === true) context.recorder.incomplete(text, recipe.source.serviceName);
    else context.recorder.note(text);
  }
}
