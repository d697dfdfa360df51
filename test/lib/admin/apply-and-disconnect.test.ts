import { describe, expect, it } from 'vitest';
import type { ServiceConfig } from '../../../lib/policy/policy.ts';
import type { Table } from '../../../lib/stores/table.ts';
import { aPolicy } from '../../builders/policies.ts';
import { wholeSystem } from '../../fakes/whole-system.ts';

const ACCOUNT = '111122223333';
const arn = (name: string) => `arn:aws:ecs:us-east-1:${ACCOUNT}:service/shop/${name}`;
const config = (over: Partial<ServiceConfig> = {}): ServiceConfig => ({
  customer: 'acme',
  name: 'web',
  group: 'shop',
  arn: arn('web'),
  policy: aPolicy({ min: 1 }),
  ...over,
});

/** A table at whose numbered write something else happens first. */
function interrupted() {
  let written = 0;
  let at = 0;
  let happens: () => Promise<unknown> = async () => undefined;
  const first = async <T>(act: () => Promise<T>): Promise<T> => {
    written += 1;
    if (written === at) await happens();
    return act();
  };
  return {
    around: (table: Table): Table => ({
      ...table,
      put: (...given) => first(() => table.put(...given)),
      update: (...given) => first(() => table.update(...given)),
      delete: (...given) => first(() => table.delete(...given)),
      putMany: (...given) => first(() => table.putMany(...given)),
      deleteMany: (...given) => first(() => table.deleteMany(...given)),
    }),
    arm(number: number, what: () => Promise<unknown>) {
      [written, at, happens] = [0, number, what];
    },
    written: () => written,
  };
}

async function shop(before: ServiceConfig | undefined) {
  const table = interrupted();
  const system = wholeSystem({ tableOf: (name, inner) => (name === 'admin' ? table.around(inner) : inner) });
  await system.connect();
  system.aws.put({ arn: arn('web'), desired: 2, running: 2 });
  if (before) await system.apply([before]);
  const apply = (after: ServiceConfig) => system.apply([after]);
  const ends = {
    disconnect: () => system.api('POST', '/v1/accounts/disconnect', { customer: 'acme', accountId: ACCOUNT }),
    forget: () => system.api('POST', '/v1/forget', { customer: 'acme', confirm: 'acme' }),
  };
  /** What would be looked at, reported to or decided. */
  const inCare = () =>
    system.table
      .items()
      .filter(({ pk, sk }) => /^(config|control|pause)#/.test(sk) || pk === 'acme#t' || (pk === 'acme#dir' && sk === 'web'))
      .map(({ pk, sk }) => `${pk} ${sk}`);
  return { table, apply, ends, inCare };
}

const applies = [
  ['a new service', undefined, config()],
  ['another policy', config(), config({ policy: aPolicy({ min: 3 }) })],
  ['a move to another group', config(), config({ group: 'jobs' })],
] as const;
const both = applies.flatMap((apply) => (['disconnect', 'forget'] as const).map((end) => [...apply, end] as const));

describe.each(both)('an apply of %s', (_what, before, after, end) => {
  it(`and a ${end} before any write of the apply: no policy is left without an account`, async () => {
    const quiet = await shop(before);
    quiet.table.arm(0, async () => undefined);
    await quiet.apply(after);
    const writes = quiet.table.written();
    expect(writes).toBeGreaterThan(2);
    for (let number = 1; number <= writes; number++) {
      const { table, apply, ends, inCare } = await shop(before);
      table.arm(number, ends[end]);
      const { services } = await apply(after);
      expect(services[0], `before write ${number}`).toMatchObject({ problem: { code: 'AccountNotConnected' } });
      expect(inCare(), `before write ${number}`).toEqual([]);
    }
  });

  it(`and a ${end} that it comes between: no policy is left without an account`, async () => {
    const quiet = await shop(before);
    quiet.table.arm(0, async () => undefined);
    await quiet.ends[end]();
    const writes = quiet.table.written();
    expect(writes).toBeGreaterThan(1);
    for (let number = 1; number <= writes; number++) {
      const { table, apply, ends, inCare } = await shop(before);
      table.arm(number, () => apply(after));
      expect(await ends[end](), `before write ${number}`).toMatchObject({ status: 200 });
      expect(inCare(), `before write ${number}`).toEqual([]);
    }
  });
});
