import { execFileSync } from 'node:child_process';
import { expect } from 'chai';

/** Packages of drivers among the modules that a process has loaded after importing a file of dist. */
function driversAfter(file: string): readonly string[] {
  const script = `
    import { createRequire } from 'node:module';
    await import(${JSON.stringify(file)});
    const loaded = Object.keys(createRequire(import.meta.url).cache);
    console.log(JSON.stringify(['mysql2', 'snowflake-sdk', 'libsql'].filter((name) => loaded.some((path) => path.includes('/node_modules/' + name + '/')))));
  `;
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  ) as string[];
}

describe('Reading a recipe', () => {
  it('loads no driver of any connector, nor does looking one up', () => {
    const dist = `${process.cwd()}/dist/src`;
    expect(driversAfter(`${dist}/recipe/index.js`)).to.deep.equal([]);
    expect(driversAfter(`${dist}/sources/index.js`)).to.deep.equal([]);
    expect(driversAfter(`${dist}/sources/mysql/connector.js`)).to.deep.equal(['mysql2']);
  });
});
