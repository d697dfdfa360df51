import { describe, expect, it } from 'vitest';
import { AwsFailure } from '../../lib/aws/aws-failure.ts';
import { createControlStore } from '../../lib/stores/control-store.ts';
import { createWatchStore } from '../../lib/stores/watch-store.ts';
import { aPolicy } from '../builders/policies.ts';
import { minutes, seconds } from '../builders/times.ts';
import { wholeSystem } from '../fakes/whole-system.ts';

const CLUSTERS = Array.from({ length: 45 }, (_, i) => `cluster-${i}`);
const arn = (cluster: string) => `arn:aws:ecs:us-east-1:111122223333:service/${cluster}/web`;

/** One service to a cluster, all clusters new and therefore due. */
async function manyClusters() {
  const system = wholeSystem();
  await system.connect();
  for (const cluster of CLUSTERS) system.aws.put({ arn: arn(cluster), desired: 3, running: 3 });
  await system.apply(
    CLUSTERS.map((cluster) => ({ customer: 'acme', name: `web-${cluster}`, group: cluster, arn: arn(cluster), policy: aPolicy() })),
  );
  const before = system.aws.calls.length;
  const looks = () =>
    system.aws.calls
      .slice(before)
      .filter((call) => call.action === 'ecs:DescribeServices')
      .map((call) => String(call.parameters['cluster']));
  const controls = createControlStore(system.table);
  /** Clusters whose service is known with its true count. */
  const known = async () => {
    const found = await Promise.all(CLUSTERS.map((cluster) => controls.get('acme', cluster, `web-${cluster}`)));
    return CLUSTERS.filter((_, i) => {
      const state = found[i]?.state;
      return state?.kind === 'known' && state.desired === 3;
    });
  };
  return { system, looks, known };
}

const others = (failing: string) => CLUSTERS.filter((cluster) => cluster !== failing);
const sorted = (names: readonly string[]) => [...names].sort();

describe('45 clusters that are due', () => {
  it('are looked at in shards of 20, 20 and 5, each cluster once', async () => {
    const { system, looks, known } = await manyClusters();
    await system.tick();
    expect(system.fanned.map((event) => (event as { watches: unknown[] }).watches.length)).toEqual([20, 5]);
    expect(sorted(looks())).toEqual(sorted(CLUSTERS));
    expect(await known()).toEqual(CLUSTERS);
  });

  it('are looked at once by two ticks at the same time, and not again while they rest', async () => {
    const { system, looks } = await manyClusters();
    await Promise.all([system.tick(), system.tick()]);
    expect(sorted(looks())).toEqual(sorted(CLUSTERS));
    await system.clock.advance(seconds(30));
    await system.tick();
    expect(looks()).toHaveLength(CLUSTERS.length);
  });

  it.each([
    ['the first shard', 3],
    ['a shard of an invocation of its own', 30],
  ])('one that fails by a fault of ours, in %s, harms only itself and is looked at again after its rest', async (_where, position) => {
    const { system, looks, known } = await manyClusters();
    const failing = await inOrder(system, position);
    const { reader } = system.aws;
    system.aws.reader = async (account, region, arns) => {
      if (arns.includes(arn(failing))) throw new TypeError('a fault of the test');
      return reader(account, region, arns);
    };
    await expect(system.tick()).rejects.toThrow('1 of 3 shards');
    expect(sorted(looks())).toEqual(sorted(others(failing)));
    expect(await known()).toEqual(others(failing));
    system.aws.reader = reader;
    await system.clock.advance(minutes(6));
    await system.tick();
    expect(await known()).toEqual(CLUSTERS);
  });

  it('one that AWS does not answer for is told, and the others are looked at', async () => {
    const { system, looks, known } = await manyClusters();
    const failing = await inOrder(system, 30);
    const { reader } = system.aws;
    system.aws.reader = async (account, region, arns) => {
      if (arns.includes(arn(failing))) throw new AwsFailure('unavailable', 'ecs:DescribeServices', 'a fault of the test');
      return reader(account, region, arns);
    };
    await system.tick();
    expect(sorted(looks())).toEqual(sorted(others(failing)));
    expect(await known()).toEqual(others(failing));
    expect(system.told.warnings).toMatchObject([{ message: 'Services could not be looked at', fields: { cluster: failing } }]);
  });
});

/** The cluster at this position of those that are due. */
async function inOrder(system: Awaited<ReturnType<typeof manyClusters>>['system'], position: number): Promise<string> {
  const due = await createWatchStore(system.table, { shards: 1 }).due(system.clock.now(), 100);
  const cluster = due[position]?.cluster;
  if (cluster === undefined) throw new Error(`only ${due.length} clusters are due`);
  return cluster;
}
