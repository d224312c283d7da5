import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkRecipe } from '../../../src/client/check-recipe.js';
import { readRecipeFile } from '../../../src/client/cli/recipe-argument.js';
import { startScriptedServer } from '../openmetadata/scripted-server.js';
import { TOKEN } from '../openmetadata/transport-under-test.js';

describe('A check of a recipe', () => {
  for (const how of ['never answers', 'never ends its answer'])
    it(`names an OpenMetadata that ${how}, and goes on with the source`, async () => {
      const server = await startScriptedServer((response) => {
        if (how === 'never ends its answer') response.writeHead(200).write('{');
      });
      const folder = mkdtempSync(join(tmpdir(), 'om-check-'));
      const file = join(folder, 'recipe.yaml');
      writeFileSync(join(folder, 'shop.db'), '');
      writeFileSync(
        file,
        JSON.stringify({
          source: {
            type: 'sqlite',
            serviceName: 'shop',
            serviceConnection: { config: { type: 'SQLite', databaseMode: join(folder, 'shop.db') } },
            sourceConfig: { config: { type: 'DatabaseMetadata' } },
          },
          sink: { type: 'metadata-rest', config: {} },
          workflowConfig: {
            openMetadataServerConfig: {
              hostPort: server.hostPort,
              authProvider: 'openmetadata',
              securityConfig: { jwtToken: TOKEN },
            },
          },
        })
      );
      const results = [];
      for await (const result of checkRecipe(readRecipeFile(file, folder), { timeoutMs: 1_000 })) results.push(result);
      await server.close();
      rmSync(folder, { recursive: true });
      expect(results[0]).to.deep.include({ name: 'openmetadata', passed: false, mandatory: true });
      expect(results[0]?.message).to.equal(
        `OpenMetadata at ${server.hostPort} was asked for its version and did not finish its answer within 1 s.`
      );
      expect(results[1]?.name).to.equal('connection');
    });
});
