import { spawnSync } from 'node:child_process';
import { expect } from 'chai';

/** The npm packages that connectors reach their servers by. */
const DRIVERS = ['mysql2', 'pg', 'pg-cursor', 'snowflake-sdk', 'libsql'];
/** Besides: what takes a command half a second to load and is of no use before Temporal is asked. */
const HEAVY = [
  ...DRIVERS,
  '@temporalio/worker',
  '@temporalio/client',
  '@temporalio/activity',
  'fastify',
  '@aws-sdk/client-s3',
];

/** Of the recipes that are validated. */
const VARIABLES = Object.fromEntries(
  ['MYSQL_USER', 'MYSQL_PASSWORD', 'OM_JWT_TOKEN', 'SNOWFLAKE_ACCOUNT', 'SNOWFLAKE_USER', 'SNOWFLAKE_PASSWORD']
    .concat(['SNOWFLAKE_PRIVATE_KEY', 'SNOWFLAKE_ROLE', 'SNOWFLAKE_WAREHOUSE'])
    .map((name) => [name, 'some'])
);

/** Those of the packages that a process has loaded when it ends. @param args of Node */
function loadedBy(packages: readonly string[], ...args: readonly string[]): readonly string[] {
  const atExit = `
    import { createRequire } from 'node:module';
    import { writeSync } from 'node:fs';
    process.on('exit', () => {
      const files = Object.keys(createRequire('${process.cwd()}/').cache);
      const loaded = ${JSON.stringify(packages)}.filter((name) => files.some((file) => file.includes('/node_modules/' + name + '/')));
      writeSync(2, '\\nloaded ' + JSON.stringify(loaded) + '\\n');
    });`;
  const preload = `data:text/javascript,${encodeURIComponent(atExit)}`;
  const env = { ...process.env, ...VARIABLES };
  const { status, stderr } = spawnSync(process.execPath, ['--import', preload, ...args], { encoding: 'utf8', env });
  expect(status, stderr).to.equal(0);
  return JSON.parse(/^loaded (.*)$/m.exec(stderr)?.[1] ?? 'null') as string[];
}

const importing = (file: string): readonly string[] => [
  '--input-type=module',
  '-e',
  `await import('${process.cwd()}/dist/src/${file}')`,
];

describe('Reading a recipe', () => {
  it('loads no driver of any connector, nor does looking one up', () => {
    expect(loadedBy(DRIVERS, ...importing('recipe/index.js'))).to.deep.equal([]);
    expect(loadedBy(DRIVERS, ...importing('sources/index.js'))).to.deep.equal([]);
  });

  it('is told from opening one, which brings its driver', () => {
    expect(loadedBy(DRIVERS, ...importing('sources/mysql/connector.js'))).to.deep.equal(['mysql2']);
  });

  it('loads nothing heavy to write a connector: the entry for connectors', () => {
    expect(loadedBy(HEAVY, ...importing('sources-api.js'))).to.deep.equal([]);
  });

  it('loads neither in `om-ingest --version` nor in `validate`, and nothing of Temporal either', () => {
    const cli = 'dist/src/client/cli/main.js';
    expect(loadedBy(HEAVY, cli, '--version')).to.deep.equal([]);
    for (const type of ['mysql', 'snowflake'])
      expect(loadedBy(HEAVY, cli, 'validate', `recipes/${type}/metadata.yaml`), type).to.deep.equal([]);
  });
});
