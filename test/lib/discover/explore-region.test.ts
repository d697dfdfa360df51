import { beforeEach, expect, test } from 'vitest';
import type { RegionExplorer } from '../../../lib/discover/account-aws.ts';
import { exploreRegion, MOST_SERVICES } from '../../../lib/discover/explore-region.ts';
import { OutOfTime, type Pace } from '../../../lib/discover/pace.ts';
import { fakeAccountAws } from '../../fakes/fake-account-aws.ts';

const ACCOUNT = '111122223333';
const arn = (name: string, cluster = 'shop') => `arn:aws:ecs:us-east-1:${ACCOUNT}:service/${cluster}/${name}`;
const atOnce: Pace = (ask) => ask();
/** Lets so many calls pass. */
const noMoreThan = (calls: number): Pace => {
  let left = calls;
  return (ask) => {
    if (left-- <= 0) throw new OutOfTime();
    return ask();
  };
};

let aws: ReturnType<typeof fakeAccountAws>;
let region: RegionExplorer;
beforeEach(async () => {
  aws = fakeAccountAws();
  const account = { customer: 'acme', accountId: ACCOUNT, externalId: 'x', roleArn: `arn:aws:iam::${ACCOUNT}:role/sluice/acme` };
  region = (await aws.explorer(account)).in('us-east-1');
});
const explore = (pace: Pace = atOnce) => exploreRegion('us-east-1', region, pace, 7);

test('a Region without clusters is empty after one call', async () => {
  expect(await explore()).toEqual({
    found: { region: 'us-east-1', at: 7, complete: true, rivalsKnown: true, services: [] },
    denied: [],
    allowed: ['ecs:ListClusters'],
  });
  expect(aws.calls.filter(({ action }) => action !== 'sts:AssumeRole')).toHaveLength(1);
});

test('a Region that the time does not suffice for lists what was seen, and says that there is more', async () => {
  for (let i = 0; i < 60; i++) aws.put(arn(`s${i}`));
  const explored = await explore(noMoreThan(8));
  expect(explored.problem).toMatchObject({ code: 'NotFinished' });
  expect(explored.found).toMatchObject({ complete: false, rivalsKnown: true });
  expect(explored.found?.services).toHaveLength(30);
});

test('a Region of which nothing was seen in time leaves what was known', async () => {
  aws.put(arn('web'));
  expect(await explore(noMoreThan(1))).toMatchObject({ problem: { code: 'NotFinished' } });
  expect(await explore(noMoreThan(1))).not.toHaveProperty('found');
});

test('of more services than anybody lists, the first are listed', async () => {
  for (let i = 0; i < MOST_SERVICES + 5; i++) aws.put(arn(`s${i}`));
  const explored = await explore();
  expect(explored.problem).toMatchObject({ code: 'TooManyServices' });
  expect(explored.found?.complete).toBe(false);
  expect(explored.found?.services).toHaveLength(MOST_SERVICES);
}, 30_000);

test('a service that is gone between list and description is left out', async () => {
  aws.put(arn('web'));
  aws.put(arn('gone'));
  const list = region.services;
  region.services = async (...args) => {
    const page = await list(...args);
    aws.account(ACCOUNT).services.delete(arn('gone'));
    return page;
  };
  expect((await explore()).found?.services.map(({ name }) => name)).toEqual(['web']);
});

test('an ARN of the old form, without the cluster, is given with it', async () => {
  aws.put(arn('web'), { arn: `arn:aws:ecs:us-east-1:${ACCOUNT}:service/web` });
  region.clusters = async () => ({ items: [`arn:aws:ecs:us-east-1:${ACCOUNT}:cluster/shop`] });
  region.services = async () => ({ items: [arn('web')] });
  expect((await explore()).found?.services[0]?.arn).toBe(arn('web'));
});

test('a fault of ours is not taken for one of AWS', async () => {
  region.clusters = () => Promise.reject(new TypeError('oops'));
  await expect(explore()).rejects.toThrow('oops');
});
