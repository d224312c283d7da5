import { expect } from 'chai';
import { edited, read, readMetadata, RECIPE, refusal } from './recipe-fixture.js';

const HOST = 'recipe.yaml:10: source.serviceConnection.config.hostPort:';

describe('a variable in a key that holds no secret', () => {
  it('is replaced after the YAML is parsed, so that its value can not change the structure', () => {
    const environment = { SERVICE: 'a: {b}\nc: [x] # y' };
    expect(
      readMetadata(edited('serviceName: shop', 'serviceName: ${SERVICE}'), { environment }).source.serviceName
    ).to.equal(environment.SERVICE);
  });

  it('may stand inside a text, more than once, with defaults for unset and empty ones', () => {
    const text = edited('localhost:3306', '${HOST:-db}.${DOMAIN}:${PORT:-3306}');
    const recipe = readMetadata(text, { environment: { DOMAIN: 'example.com', PORT: '' } });
    expect(recipe.source.serviceConnection?.config).to.include({ hostPort: 'db.example.com:3306' });
  });

  it('becomes a number or boolean where one is expected', () => {
    const text = edited('threads: 2', 'threads: ${THREADS}\n      includeViews: ${VIEWS}');
    const { config } = readMetadata(text, { environment: { THREADS: '8', VIEWS: 'no' } }).source.sourceConfig;
    expect(config).to.include({ threads: 8, includeViews: false });
  });

  it('that is not set is named with the key', () => {
    expect(refusal(() => read(edited('localhost:3306', '${HOST}:${PORT}')))).to.equal(
      `${HOST} environment variable HOST is not set.\n${HOST} environment variable PORT is not set.`
    );
  });

  it('in a form of another shell is named instead of passed on', () => {
    for (const form of ['${HOST:?unset}', '${HOST-db}', '${HOST:+x}']) {
      expect(refusal(() => read(edited('localhost:3306', `"${form}"`)))).to.equal(
        `${HOST} the form of \${HOST…} is not known. Write \${HOST} or \${HOST:-default}.`
      );
    }
  });

  it('is not looked for in what only resembles one', () => {
    const text = edited('threads: 2', "tableFilterPattern: {excludes: ['^a[${]2}$', '^$x']}");
    expect(readMetadata(text).source.sourceConfig.config.tableFilterPattern).to.deep.equal({
      excludes: ['^a[${]2}$', '^$x'],
    });
  });

  it('whose value holds a variable is refused, not expanded twice', () => {
    const environment = { SERVICE: '${OTHER}', OTHER: 'x' };
    expect(refusal(() => read(edited('serviceName: shop', 'serviceName: ${SERVICE}'), { environment }))).to.equal(
      "recipe.yaml:3: source.serviceName: holds a variable inside the value of a variable, but this key isn't a secret. Write the value itself."
    );
  });

  it('comes from the environment of the process by default', () => {
    process.env['RECIPE_TEST_SERVICE'] = 'from_process';
    try {
      const text = edited('serviceName: shop', 'serviceName: ${RECIPE_TEST_SERVICE}');
      expect(readMetadata(text, { environment: process.env }).source.serviceName).to.equal('from_process');
    } finally {
      delete process.env['RECIPE_TEST_SERVICE'];
    }
  });
});

describe('a secret reference in a key that holds no secret', () => {
  for (const form of ['file:/etc/passwd', 'recipe:/source/type', 'memory:/x', 'secret:/x']) {
    it(`is refused, so that it is never resolved there: ${form}`, () => {
      expect(refusal(() => read(edited('serviceName: shop', `serviceName: ${form}`)))).to.equal(
        "recipe.yaml:3: source.serviceName: is written like a reference to a secret, but this key isn't a secret. Write the value itself."
      );
    });
  }
});

describe('a text where a number or boolean is expected', () => {
  const coerced: readonly (readonly [key: string, written: string, value: unknown])[] = [
    ['threads', '"5"', 5],
    ['threads', '5.0', 5],
    ['threads', '" 5 "', 5],
    ...['"true"', 'yes', 'on', 'y', 'T', '1'].map((written) => ['includeDDL', written, true] as const),
    ...['"false"', 'no', 'off', 'n', 'F', '0'].map((written) => ['includeDDL', written, false] as const),
  ];
  for (const [key, written, value] of coerced) {
    it(`is read as OpenMetadata reads it: ${key}: ${written}`, () => {
      const { config } = readMetadata(edited('threads: 2', `${key}: ${written}`)).source.sourceConfig;
      expect(config).to.have.property(key, value);
    });
  }

  it('stays text where text is expected', () => {
    expect(readMetadata(edited('serviceName: shop', 'serviceName: "5"')).source.serviceName).to.equal('5');
    expect(readMetadata(edited('serviceName: shop', 'serviceName: no')).source.serviceName).to.equal('no');
    expect(RECIPE).to.include('threads: 2');
  });
});
