import { expect } from 'chai';
import { placeholderProblem } from '../../../src/recipe/placeholders.js';
import { edited, read, refusal } from './recipe-fixture.js';

const TOKEN = 'recipe.yaml:24: workflowConfig.openMetadataServerConfig.securityConfig.jwtToken:';
const BOT = ' The token is on the page of a bot in OpenMetadata (Settings, Bots).';
const LEFT_OUT = '`...` means lines that the documentation left out. Replace it by them, or remove it.';

describe('a text copied from documentation and not replaced', () => {
  const tokens: readonly (readonly [written: string, message: string])[] = [
    ['"{bot_jwt_token}"', `${TOKEN} a text in brackets is a placeholder that was not replaced by a value.${BOT}`],
    ['{bot_jwt_token}', `${TOKEN} a text in brackets is a placeholder that was not replaced by a value.${BOT}`],
    ['<token>', `${TOKEN} a text in brackets is a placeholder that was not replaced by a value.${BOT}`],
    ['"{{ jwt_token }}"', `${TOKEN} a text in brackets is a placeholder that was not replaced by a value.${BOT}`],
    ['<your key here>', `${TOKEN} a text in brackets is a placeholder that was not replaced by a value.`],
    ['"..."', `${TOKEN} ${LEFT_OUT}`],
    [
      '"*********"',
      `${TOKEN} \`*********\` is the mask that OpenMetadata shows instead of a secret. Write a reference to the secret itself.`,
    ],
  ];
  for (const [written, message] of tokens) {
    it(`has its own message: ${written}`, () => {
      expect(refusal(() => read(edited('${OM_JWT_TOKEN}', written)))).to.equal(message);
    });
  }

  it('is found in keys that hold no secret too, without a second message about the value', () => {
    expect(refusal(() => read(edited('localhost:3306', '<host>:<port>')))).to.include('is not host:port');
    expect(refusal(() => read(edited('localhost:3306', '<hostPort>')))).to.equal(
      'recipe.yaml:10: source.serviceConnection.config.hostPort: the placeholder `<hostPort>` was not replaced by a value.'
    );
    expect(refusal(() => read(edited('serviceName: shop', 'serviceName: {service}')))).to.equal(
      'recipe.yaml:3: source.serviceName: the placeholder `{service}` was not replaced by a value.'
    );
    expect(refusal(() => read(edited('threads: 2', 'threads:\n        ...')))).to.equal(
      `recipe.yaml:14: source.sourceConfig.config.threads: ${LEFT_OUT}`
    );
  });

  it('is no UUID in braces', () => {
    expect(placeholderProblem('{ab4e28ba-2fa1-11d2-883f-0016d3cca427}')).to.equal(undefined);
    expect(placeholderProblem('{ab4e28ba-2fa1-11d2-883f-0016d3cca42z}')).to.match(/placeholder/);
  });
});
