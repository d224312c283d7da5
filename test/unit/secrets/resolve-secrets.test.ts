import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { RecipeError } from '../../../src/errors/index.js';
import {
  isSecretReference,
  recipeSha256,
  redact,
  type ResolveContext,
  resolveSecrets,
} from '../../../src/secrets/index.js';

const RECIPE = `server: &server
  token: resolve-hunter2-token
source:
  password: resolve-hunter2-password
  a/b~c: resolve-hunter2-odd
  withDefault: \${PASSWORD:-resolve-hunter2-default}
  port: 3306
merged:
  <<: *server
`;

async function refusal(value: unknown, context: ResolveContext, at?: string): Promise<string> {
  try {
    await resolveSecrets(value, context, at);
  } catch (error) {
    if (error instanceof RecipeError) return error.message;
    throw error;
  }
  throw new Error('it was resolved');
}

describe('a reference to a secret', () => {
  let folder: string;
  let file: string;
  let recipe: { file: string; sha256: string };
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'secrets-'));
    file = join(folder, 'recipe.yaml');
    writeFileSync(file, RECIPE);
    recipe = { file, sha256: recipeSha256(RECIPE) };
  });
  after(() => rmSync(folder, { recursive: true }));

  it('is replaced anywhere in a deep copy, and everything else is kept', async () => {
    const value = {
      a: [{ password: '${PASSWORD}' }, 7, null, true],
      plain: 'text with $ and {braces}',
      recipe: 'recipe of the day',
    };
    const resolved = await resolveSecrets(value, { environment: { PASSWORD: 'resolve-hunter2-env' } });
    expect(resolved).to.deep.equal({ ...value, a: [{ password: 'resolve-hunter2-env' }, 7, null, true] });
    expect(value.a[0]).to.deep.equal({ password: '${PASSWORD}' });
  });

  const resolved: readonly (readonly [reference: string, secret: string])[] = [
    ['${PASSWORD}', 'resolve-hunter2-env'],
    ['${UNSET:-resolve-hunter2-fallback}', 'resolve-hunter2-fallback'],
    ['Bearer ${PASSWORD}', 'Bearer resolve-hunter2-env'],
    ['recipe:/source/password', 'resolve-hunter2-password'],
    ['recipe:/source/a~1b~0c', 'resolve-hunter2-odd'],
    ['recipe:/source/withDefault', 'resolve-hunter2-env'],
    ['recipe:/merged/token', 'resolve-hunter2-token'],
    ['memory:/source/password', 'resolve-hunter2-memory'],
  ];
  for (const [reference, secret] of resolved) {
    it(`is resolved and its secret registered for redaction: ${reference}`, async () => {
      const context = {
        recipe,
        environment: { PASSWORD: 'resolve-hunter2-env' },
        memory: new Map([['/source/password', 'resolve-hunter2-memory']]),
      };
      expect(isSecretReference(reference)).to.equal(true);
      expect(await resolveSecrets({ reference }, context)).to.deep.equal({ reference: secret });
      expect(redact(`<${secret}>`)).to.equal('<***>');
    });
  }

  it('to a file is its content without trailing white space', async () => {
    const token = join(folder, 'token');
    writeFileSync(token, ' resolve-hunter2-file \n\n');
    expect(await resolveSecrets(`file:${token}`, {})).to.equal(' resolve-hunter2-file');
  });

  it('to the process environment is the default', async () => {
    process.env['RESOLVE_TEST'] = 'resolve-hunter2-process';
    try {
      expect(await resolveSecrets('${RESOLVE_TEST}', {})).to.equal('resolve-hunter2-process');
    } finally {
      delete process.env['RESOLVE_TEST'];
    }
  });

  it('that can not be resolved is named with its key; all of them at once', async () => {
    expect(await refusal({ a: '${UNSET_ONE}', b: { c: ['${UNSET_TWO}'] } }, { environment: {} }, 'source')).to.equal(
      'recipe: source.a: environment variable UNSET_ONE is not set. Set it in the environment of every worker and start them again.\n' +
        'recipe: source.b.c.0: environment variable UNSET_TWO is not set. Set it in the environment of every worker and start them again.'
    );
  });

  it('into a recipe file that has changed says which file and which versions', async () => {
    const changed = join(folder, 'changed.yaml');
    writeFileSync(changed, `${RECIPE}# newer\n`);
    const context = { recipe: { file: changed, sha256: recipe.sha256 } };
    const message = await refusal('recipe:/source/password', context, 'source.password');
    expect(message).to.equal(
      `${changed}: source.password: this worker has another version of the recipe file ${changed} (sha256 ` +
        `${recipeSha256(`${RECIPE}# newer\n`).slice(0, 12)}…) than the one that this run started with (${recipe.sha256.slice(0, 12)}…). ` +
        'Put the same file on every worker, then start the run again.'
    );
    expect(message).not.to.include('hunter2');
  });

  it('into a recipe file that is not there says so', async () => {
    const gone = join(folder, 'gone.yaml');
    expect(
      await refusal('recipe:/source/password', { recipe: { file: gone, sha256: '' } }, 'source.password')
    ).to.equal(
      `${gone}: source.password: the recipe file ${gone}, which holds the secret, doesn't exist on this worker. ` +
        'Put the same file on every worker, or write the secret as a ${VARIABLE} reference.'
    );
  });

  it('to something that is no text, or nothing at all, is refused', async () => {
    for (const pointer of ['/source/port', '/source', '/nowhere', '/source/password/x', '/toString']) {
      expect(await refusal(`recipe:${pointer}`, { recipe })).to.equal(
        `${file}: ${file} has no text at recipe:${pointer}.`
      );
    }
  });

  const refused: readonly (readonly [reference: string, message: string])[] = [
    ['recipe:/a', 'recipe: x: recipe:/a points into a recipe file, and this run has none.'],
    [
      'memory:/a',
      'recipe: x: memory:/a was kept in the memory of the process that started this run, and that process is gone. ' +
        'Start the run again, with a recipe file or ${VARIABLE} references if it has to outlive its process.',
    ],
    ['secret:/a', 'recipe: x: secret:/a is kept in a secret manager, and nothing names one here.'],
    [
      'file:/nowhere/at/all',
      "recipe: x: /nowhere/at/all doesn't exist on this worker. Put the file there, readable for the worker's user.",
    ],
    [
      'file:/dev/null',
      "recipe: x: /dev/null is not a regular file, but a pipe, a device or a socket. Put the file there, readable for the worker's user.",
    ],
    [
      'file:/dev/zero',
      "recipe: x: /dev/zero is not a regular file, but a pipe, a device or a socket. Put the file there, readable for the worker's user.",
    ],
  ];
  for (const [reference, message] of refused) {
    it(`is refused when nothing can answer it: ${reference}`, async () => {
      expect(await refusal(reference, {}, 'x')).to.equal(message);
    });
  }

  for (const text of ['', 'hunter2', '$PASSWORD', '${}', '${2}', 'recipe', 'recipe:', 'file:relative', 'http://x/y']) {
    it(`is not seen in ${JSON.stringify(text)}`, async () => {
      expect(isSecretReference(text)).to.equal(false);
      expect(await resolveSecrets({ text }, {})).to.deep.equal({ text });
    });
  }
});
