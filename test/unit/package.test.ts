import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { z } from 'zod';

const manifest = z
  .object({
    engines: z.object({ node: z.string() }),
    dependencies: z.record(z.string(), z.string()),
    devDependencies: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));

const lock = z
  .object({
    packages: z.record(
      z.string(),
      z.object({
        version: z.string().optional(),
        dev: z.boolean().optional(),
        engines: z.object({ node: z.string().optional() }).or(z.array(z.string())).optional(),
      })
    ),
  })
  .parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));

describe('The package', () => {
  it('brings no library that asks for a newer Node than its own least', () => {
    const least = Number(/\d+/.exec(manifest.engines.node)?.[0]);
    const newer = Object.entries(lock.packages).flatMap(([path, { version, dev, engines }]) => {
      const range = engines === undefined || Array.isArray(engines) ? '' : (engines.node ?? '');
      const asked = range.split('||').map((part) => Number(/\d+/.exec(part)?.[0] ?? 0));
      return dev === true || Math.min(...asked) <= least ? [] : [`${path} ${version ?? ''}: ${range}`];
    });
    expect(newer, 'npm warns of it: take its last version that needs no newer one').to.deep.equal([]);
  });

  it('takes its libraries in ranges, so that it shares those of its project; the lock file pins them here', () => {
    const exact = Object.entries(manifest.dependencies).filter(([, range]) => !/^[\^~]\d+\.\d+\.\d+$/.test(range));
    expect(
      exact,
      'write them as ^1.2.3, or as ~1.2.3 where another library takes no later minor version'
    ).to.deep.equal([]);
  });

  it('takes all of the SDK in one range', () => {
    const ranges = Object.entries(manifest.dependencies).filter(([name]) => name.startsWith('@temporalio/'));
    expect(new Set(ranges.map(([, range]) => range)).size).to.equal(1);
  });

  it('pins the tools it is made with', () => {
    const loose = Object.entries(manifest.devDependencies).filter(
      ([, version]) => !/^(npm:\w+@)?\d+\.\d+\.\d+$/.test(version)
    );
    expect(loose).to.deep.equal([]);
  });
});
