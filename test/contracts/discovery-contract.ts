import { describe, expect, test } from 'vitest';
import type { AccountHealth, DiscoveredRegion, DiscoveredService } from '../../lib/discover/discovered.ts';
import { createDiscoveryStore } from '../../lib/stores/discovery-store.ts';
import { keys } from '../../lib/stores/keys.ts';
import type { Table } from '../../lib/stores/table.ts';
import type { VirtualClock } from '../../lib/virtual-clock.ts';
import { T0 } from '../builders/times.ts';

const ACCOUNT = '111122223333';
const OTHER = '444455556666';

const aDiscovered = (name: string, overrides: Partial<DiscoveredService> = {}): DiscoveredService => ({
  arn: `arn:aws:ecs:us-east-1:${ACCOUNT}:service/shop/${name}`,
  cluster: 'shop',
  name,
  status: 'ACTIVE',
  desired: 2,
  running: 2,
  pending: 0,
  launchType: 'FARGATE',
  capacityProviders: [],
  deploymentController: 'ECS',
  schedulingStrategy: 'REPLICA',
  resourceManagement: 'CUSTOMER',
  tags: {},
  ...overrides,
});
const aRegion = (services: readonly DiscoveredService[], overrides: Partial<DiscoveredRegion> = {}): DiscoveredRegion => ({
  region: 'us-east-1',
  at: T0,
  complete: true,
  rivalsKnown: true,
  services,
  ...overrides,
});

/** What the store of discoveries promises, over any `Table`; part of the stores' suite. */
export function discoveryContract(
  under: () => {
    readonly table: Table;
    readonly customer: string;
    readonly clock: VirtualClock;
    readonly unreadable: { key: unknown; why: string }[];
  },
): void {
  describe('discoveries', () => {
    const store = () => {
      const { table, clock, unreadable } = under();
      return createDiscoveryStore(table, { clock, onUnreadable: (key, why) => unreadable.push({ key, why }) });
    };
    const mine = (accountId = ACCOUNT) => ({ customer: under().customer, accountId });
    const regions = (accountId = ACCOUNT) => store().regions(under().customer, accountId);
    const aHealth = (overrides: Partial<AccountHealth> = {}): AccountHealth => ({
      ...mine(),
      at: T0,
      regionsFrom: 'account',
      regions: [],
      findings: [],
      ...overrides,
    });

    test('come back as they were put, all kinds of services', async () => {
      const { launchType: _, ...placed } = aDiscovered('placed');
      const region = aRegion(
        [
          aDiscovered('web', { tags: { team: 'shop', 'aws:cloudformation:stack-name': 'shop' }, desired: 0, running: 0 }),
          { ...placed, capacityProviders: ['FARGATE', 'FARGATE_SPOT'] },
          aDiscovered('odd', {
            status: 'DRAINING',
            deploymentController: 'EXTERNAL',
            schedulingStrategy: 'DAEMON',
            resourceManagement: 'ECS',
          }),
          aDiscovered('rival', { rival: { min: 1, max: 9, suspended: true, policies: 2, schedules: 0 } }),
          aDiscovered('china', { arn: `arn:aws-cn:ecs:us-east-1:${ACCOUNT}:service/shop/china` }),
        ],
        { complete: false, rivalsKnown: false },
      );
      await store().putRegion(mine(), region);
      expect(await regions()).toEqual([region]);
    });

    test('of a Region replace what was known of it, and of no other', async () => {
      await store().putRegion(mine(), aRegion([aDiscovered('old')]));
      await store().putRegion(mine(), aRegion([], { region: 'eu-west-1' }));
      await store().putRegion(mine(), aRegion([aDiscovered('new')], { at: T0 + 1 }));
      expect((await regions()).map(({ region, at, services }) => [region, at, services.map(({ name }) => name)])).toEqual([
        ['eu-west-1', T0, []],
        ['us-east-1', T0 + 1, ['new']],
      ]);
    });

    test('of thousands of services take several items, and fewer when there are fewer', async () => {
      const tags = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`key-${i}-${'k'.repeat(20)}`, 'v'.repeat(100)]));
      const many = Array.from({ length: 60 }, (_, i) => aDiscovered(`service-${i}`, { tags }));
      await store().putRegion(mine(), aRegion(many));
      expect((await regions())[0]?.services).toEqual(many);
      const { table, customer } = under();
      const parts = async () => (await table.query({ pk: keys.discoveries(customer) })).length;
      expect(await parts()).toBe(2);
      await store().putRegion(mine(), aRegion(many.slice(0, 2)));
      expect((await regions())[0]?.services).toEqual(many.slice(0, 2));
      expect(await parts()).toBe(1);
    });

    test('expire some days after they were last seen', async () => {
      await store().putRegion(mine(), aRegion([aDiscovered('web')]));
      const [item] = await under().table.query({ pk: keys.discoveries(under().customer) });
      expect(Number(item?.expires) * 1_000 - under().clock.now()).toBe(7 * 86_400_000);
    });

    test('of an account, a customer, are not those of another', async () => {
      await store().putRegion(mine(), aRegion([aDiscovered('web')]));
      await store().putHealth(aHealth());
      expect(await regions(OTHER)).toEqual([]);
      expect(await store().regions(`${under().customer}x`, ACCOUNT)).toEqual([]);
      expect(await store().healthOf(`${under().customer}x`)).toEqual([]);
      expect(await store().health(under().customer, OTHER)).toBeUndefined();
    });

    test('keep the health of an account with all its findings', async () => {
      const health = aHealth({
        alias: 'acme-prod',
        provedAt: T0 - 1,
        regionsFrom: 'fall-back',
        regions: [
          { region: 'eu-west-1', services: 0, problem: { code: 'AccessDenied', why: 'No.' } },
          { region: 'us-east-1', services: 3, seenAt: T0 },
        ],
        findings: [
          { code: 'PermissionMissing', action: 'ecs:ListServices', regions: ['eu-west-1'], why: 'It may not.', at: T0 },
          { code: 'PermissionTooWide', meant: 'perhaps', why: 'It may.', at: T0 },
          { code: 'TrustTooOpen', why: 'It opens.', at: T0 },
        ],
      });
      await store().putHealth(health);
      await store().putHealth(aHealth({ accountId: OTHER }));
      expect(await store().health(under().customer, ACCOUNT)).toEqual(health);
      expect(await store().healthOf(under().customer)).toEqual([health, aHealth({ accountId: OTHER })]);
    });

    test('are forgotten with their account, and those of the others stay', async () => {
      for (const accountId of [ACCOUNT, OTHER]) {
        await store().putRegion(mine(accountId), aRegion([aDiscovered('web')]));
        await store().putHealth(aHealth({ accountId }));
      }
      await store().remove(under().customer, ACCOUNT);
      expect(await regions()).toEqual([]);
      expect(await regions(OTHER)).toHaveLength(1);
      expect((await store().healthOf(under().customer)).map(({ accountId }) => accountId)).toEqual([OTHER]);
    });

    test('that cannot be read are told and left out', async () => {
      const { table, customer, unreadable } = under();
      await store().putRegion(mine(), aRegion([aDiscovered('web')]));
      const broken = keys.discovered(customer, ACCOUNT, 'eu-west-1', 0);
      await table.put({ ...broken, schema: 1, at: T0, parts: 1, complete: true, rivals: true, services: ['web'] });
      const health = keys.health(customer, ACCOUNT);
      await table.put({ ...health, schema: 1, at: T0, regionsFrom: 'guess', regions: [], findings: [] });
      expect((await regions()).map(({ region }) => region)).toEqual(['us-east-1']);
      expect(await store().health(customer, ACCOUNT)).toBeUndefined();
      expect(unreadable).toEqual([
        { key: broken, why: expect.stringContaining('services.0 should be a map') },
        { key: health, why: expect.stringContaining('regionsFrom') },
      ]);
    });
  });
}
