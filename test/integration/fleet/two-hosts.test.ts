import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { FleetLab, type FleetOutcome, type Host } from './fleet-lab.js';

/** Services, each with a run of all five kinds. `FLEET_SERVICES=40 FLEET_KILL_S=20` is the long form. */
const SERVICES = Number(process.env['FLEET_SERVICES'] ?? 4);
/** A host is killed that often, seconds; when not set, each time that so many chunks were staged. */
const KILL_S = Number(process.env['FLEET_KILL_S'] ?? 0);
const KILL_CHUNKS = 10;
/** Few chunks are dealt out unevenly when other tests take the processors: shares are what the long form is for. */
const LEAST_SHARE = KILL_S > 0 ? 0.35 : 0.2;

describe('Two hosts with staging on S3 and nothing else in common', function () {
  this.timeout((SERVICES * 60 + 120) * 1_000);
  let lab: FleetLab;
  let undisturbed: FleetOutcome;
  let fleet: readonly Host[];
  before(async () => {
    lab = await FleetLab.open(SERVICES);
    undisturbed = await lab.runAll(2, async (hosts) => {
      fleet = hosts;
    });
  });
  after(() => lab?.close());

  const expectRight = ({ states, left }: FleetOutcome): void => {
    expect(states.filter((state) => !state.endsWith(' success'))).to.deep.equal([]);
    expect(states).to.have.length(5 * SERVICES);
    expect(left).to.deep.equal([]);
  };

  it(`share runs of every kind: each stages at least ${LEAST_SHARE * 100} % of the chunks, none is staged twice`, () => {
    expectRight(undisturbed);
    const all = fleet.flatMap((host) => host.staged()).map(withoutAttempt);
    expect(all.length, 'chunks').to.be.at.least(8 * SERVICES);
    expect(new Set(all).size, 'different chunks').to.equal(all.length);
    expectShares(fleet);
  });

  /** Over the time in which all of them lived. */
  const expectShares = (hosts: readonly Host[]): void => {
    const counts = hosts.map(
      (host) => host.staged().filter(({ at }) => hosts.every((each) => each.livedAt(at))).length
    );
    const all = counts.reduce((sum, count) => sum + count, 0);
    for (const count of counts)
      expect(count / all, `shares of ${counts.join(' and ')} chunks`).to.be.at.least(LEAST_SHARE);
    if (KILL_S > 0) process.stdout.write(`      chunks while both lived: ${counts.join(' and ')}\n`);
  };

  it('end every run as an undisturbed fleet does while one of them is killed over and over', async () => {
    let kills = 0;
    const killed = await lab.runAll(2, async (hosts, over) => {
      fleet = hosts;
      for (;;) {
        await (KILL_S > 0 ? sleep(KILL_S * 1_000, undefined, { signal: over }) : untilStaged(hosts, KILL_CHUNKS, over));
        const host = hosts[kills % hosts.length] as Host;
        await host.kill();
        kills += 1;
        await host.start();
      }
    });
    expect(kills).to.be.at.least(1);
    expectRight(killed);
    const committed = fleet.flatMap((host) => host.committed()).map(({ key }) => key);
    expect(committed.length, 'chunks').to.be.at.least(8 * SERVICES);
    expect(new Set(committed).size, 'different chunks').to.equal(committed.length);
    // Seconds between kills leave too few chunks to be shares of anything.
    if (KILL_S > 0) expectShares(fleet);
    const found = differences(steady(killed.catalog), steady(undisturbed.catalog));
    expect(found, found.slice(0, 20).join('\n')).to.have.length(0);
  });
});

/**
 * Services share the shop's queries: a query is of the service that came first. What it is called there is the text's
 * hash.
 */
function steady(catalog: FleetOutcome['catalog']): Readonly<Record<string, unknown>> {
  const entries = Object.entries(catalog);
  const queries = entries.flatMap(([name]) => (name.startsWith('query ') ? [name.replace(/^.*\./, '')] : []));
  return { ...Object.fromEntries(entries.filter(([name]) => !name.startsWith('query '))), queries: queries.sort() };
}

/** Epoch milliseconds: when a run did it is its own. */
function isTime(value: unknown): boolean {
  return typeof value === 'number' && value > 1e12;
}

function byText(values: readonly unknown[]): readonly unknown[] {
  return [...values].sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
}

/** Places where two documents differ, but for times; a difference of whole catalogs is too long to read. */
function differences(one: unknown, other: unknown, at = ''): string[] {
  // Keys that wait for their table are added after the others: their order says nothing.
  if (at.endsWith('/tableConstraints') && Array.isArray(one) && Array.isArray(other))
    return differences(byText(one), byText(other), `${at}/sorted`);
  if (!isObject(one) || !isObject(other))
    return one === other || (isTime(one) && isTime(other))
      ? []
      : [`${at}: ${JSON.stringify(one)} instead of ${JSON.stringify(other)}`.slice(0, 400)];
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  // made up anew by each catalog
  keys.delete('incidentId');
  return [...keys].flatMap((key) => differences(one[key], other[key], `${at}/${key}`));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Until the hosts have staged so many chunks more. */
async function untilStaged(hosts: readonly Host[], count: number, over: AbortSignal): Promise<void> {
  const staged = (): number => hosts.reduce((sum, host) => sum + host.staged().length, 0);
  const before = staged();
  while (staged() < before + count) await sleep(50, undefined, { signal: over });
}

/** `…/<slice>/000002.<attempt>.ndjson.gz` without who wrote it. */
function withoutAttempt({ key }: { readonly key: string }): string {
  return key.replace(/\.[0-9a-f]+\.ndjson\.gz$/, '');
}
