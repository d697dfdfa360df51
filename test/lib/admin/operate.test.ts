import { describe, expect, it } from 'vitest';
import { storeServiceConfig } from '../../../lib/policy/store-policy.ts';
import { aPolicy } from '../../builders/policies.ts';
import { minutes, seconds } from '../../builders/times.ts';
import { webReport, wholeSystem } from '../../fakes/whole-system.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers are what the test is about; their form is asserted, not assumed.
type Answer = Record<string, any>;

const arn = (name: string) => `arn:aws:ecs:us-east-1:111122223333:service/shop/${name}`;
const slow = Array.from({ length: 40 }, () => 340);

async function shop() {
  const system = wholeSystem();
  await system.connect();
  const config = (name: string, policy = aPolicy({ min: 1 })) => ({ customer: 'acme', name, group: 'shop', arn: arn(name), policy });
  for (const name of ['web', 'api']) system.aws.put({ arn: arn(name), desired: 2, running: 2 });
  const { tokens } = await system.apply([config('web')]);
  await system.clock.advance(seconds(1));
  for (const [name, token] of (await system.apply([config('api')])).tokens) tokens.set(name, token);
  await system.tick();
  const get = async (path: string, query: Record<string, string> = {}) =>
    (await system.api('GET', path, {}, { customer: 'acme', ...query })).body as Answer;
  // A second apart, as people are: what happens in one millisecond has no order.
  const post = async (path: string, body: object) => {
    await system.clock.advance(seconds(1));
    return system.api('POST', path, { customer: 'acme', ...body });
  };
  const apply = async (configs: Parameters<typeof system.apply>[0]) => {
    await system.clock.advance(seconds(1));
    return system.apply(configs);
  };
  const changes = async () => (await get('/v1/changes'))['changes'] as Answer[];
  const stored = async (name: string) => ((await get('/v1/configs', { service: name }))['services'] as Answer[])[0]?.config;
  return Object.assign({}, system, { config, tokens, get, post, apply, changes, stored });
}

describe('the record of changes', () => {
  it('has who, when, before and after of each change, the newest first, and nothing of what changed nothing', async () => {
    const system = await shop();
    await system.apply([system.config('web', aPolicy({ min: 3 })), system.config('api')]);
    await system.apply([system.config('web', aPolicy({ min: 3 })), system.config('api')]);
    await system.post('/v1/override', { service: 'web', min: 5, forMs: minutes(10) });
    await system.post('/v1/pause', { service: 'web', in: true, why: 'sale' });
    const changes = await system.changes();
    expect(changes.map(({ summary }) => summary)).toEqual([
      'Paused scaling in of service web of acme: sale.',
      expect.stringMatching(/^Overrode web: min 5 until /),
      'Changed the policy of web.',
      'Put api under care in mode on.',
      ...Array.from({ length: 3 }, () => expect.any(String)),
    ]);
    expect(changes.map(({ summary }) => summary)).toEqual(
      expect.arrayContaining([
        'Put web under care in mode on.',
        'Connected account 111122223333 by arn:aws:iam::111122223333:role/sluice/acme.',
        'Prepared account 111122223333: made its external ID.',
      ]),
    );
    const changed = changes.find(({ summary }) => summary === 'Changed the policy of web.');
    expect(changed).toMatchObject({ who: 'test', customer: 'acme', service: 'web', before: { min: 1 }, after: { min: 3 } });
  });

  it('keeps nothing of what was refused', async () => {
    const system = await shop();
    const before = (await system.changes()).length;
    await system.post('/v1/override', { service: 'web', min: 9, max: 3, forMs: 1_000 });
    await system.post('/v1/mode', { service: 'nobody', mode: 'on' });
    await system.post('/v1/accounts/connect', { accountId: '111122223333', roleArn: 'arn:aws:iam::111122223333:role/sluice/other' });
    expect(await system.changes()).toHaveLength(before);
  });

  it('says who it was by the signature of the request, and refuses one without', async () => {
    const system = await shop();
    await system.clock.advance(seconds(1));
    const ops = 'arn:aws:sts::000000000000:assumed-role/operators/alice';
    await system.apiAs(ops, 'POST', '/v1/mode', { customer: 'acme', service: 'web', mode: 'observe' });
    expect((await system.changes())[0]).toMatchObject({ who: ops, summary: 'Put web from mode on to observe.' });
  });
});

describe('rolling back', () => {
  it('puts a policy back as it was, on record, and what is rolled back can be rolled back', async () => {
    const system = await shop();
    await system.apply([system.config('web', aPolicy({ min: 7 }))]);
    const [change] = await system.changes();
    const answer = await system.post('/v1/rollback', { change: change?.['id'] });
    expect(answer).toMatchObject({ status: 200, body: { rolledBack: change?.['id'] } });
    expect(await system.stored('web')).toMatchObject({ min: 1 });
    const [back] = await system.changes();
    expect(back).toMatchObject({ takesBack: change?.['id'], before: { min: 7 }, after: { min: 1 } });
    await system.post('/v1/rollback', { change: back?.['id'] });
    expect(await system.stored('web')).toMatchObject({ min: 7 });
  });

  it('of a first apply takes the service out of care, and its token works again when that is taken back', async () => {
    const system = await shop();
    const first = (await system.changes()).find(({ summary }) => summary === 'Put api under care in mode on.');
    expect(await system.post('/v1/rollback', { change: first?.['id'] })).toMatchObject({ status: 200 });
    expect((await system.get('/v1/services'))['services'].map(({ name }: { name: string }) => name)).toEqual(['web']);
    const [removal] = await system.changes();
    await system.post('/v1/rollback', { change: removal?.['id'] });
    expect(await system.stored('api')).toMatchObject({ name: 'api' });
    const reported = await system.report(system.tokens.get('api') ?? '', webReport(system.clock.now(), slow));
    expect(reported.status).toBe(200);
  });

  it('does nothing where it was changed again since, unless forced', async () => {
    const system = await shop();
    await system.apply([system.config('web', aPolicy({ min: 3 }))]);
    const [change] = await system.changes();
    await system.apply([system.config('web', aPolicy({ min: 4 }))]);
    const refused = await system.post('/v1/rollback', { change: change?.['id'] });
    expect(refused).toMatchObject({ status: 400, body: { problems: [expect.stringContaining('changed again')] } });
    expect(await system.stored('web')).toMatchObject({ min: 4 });
    await system.post('/v1/rollback', { change: change?.['id'], force: true });
    expect(await system.stored('web')).toMatchObject({ min: 1 });
  });

  it('takes back an override and a pause, and brings a pause back that was resumed', async () => {
    const system = await shop();
    await system.post('/v1/override', { service: 'web', min: 9, forMs: minutes(30) });
    const [override] = await system.changes();
    await system.post('/v1/pause', { why: 'release' });
    await system.post('/v1/resume', {});
    const [resumed] = await system.changes();
    await system.post('/v1/rollback', { change: override?.['id'] });
    await system.post('/v1/rollback', { change: resumed?.['id'] });
    const explained = await system.get('/v1/explain', { service: 'web' });
    expect(explained).toMatchObject({ overrides: [], pauses: [{ in: true, out: true, why: 'release' }] });
  });

  it('says what cannot be taken back, and of what it knows nothing', async () => {
    const system = await shop();
    const connected = (await system.changes()).find(({ what }) => what === 'account');
    expect(await system.post('/v1/rollback', { change: connected?.['id'] })).toMatchObject({ status: 400 });
    expect(await system.post('/v1/rollback', { change: '0'.repeat(18) })).toMatchObject({ status: 400 });
    expect(await system.post('/v1/rollback', { change: '../../x' })).toMatchObject({ status: 400 });
  });
});

describe('report tokens', () => {
  it('two are live while one is rotated, and a revoked one works nowhere after two minutes', async () => {
    const system = await shop();
    const old = system.tokens.get('web') ?? '';
    const made = (await system.post('/v1/tokens', { service: 'web' })).body as { token: string; keyId: string };
    const report = async (token: string) => (await system.report(token, webReport(system.clock.now(), slow))).status;
    expect([await report(old), await report(made.token)]).toEqual([200, 200]);
    expect(await system.post('/v1/tokens', { service: 'web' })).toMatchObject({ status: 400 });
    const revoked = await system.post('/v1/tokens/revoke', { service: 'web', allButNewest: true });
    expect(revoked).toMatchObject({
      status: 200,
      body: { revoked: [expect.any(String)], live: [{ keyId: made.keyId }], endsWithinMs: minutes(2) },
    });
    await system.clock.advance(minutes(2) + seconds(1));
    expect([await report(old), await report(made.token)]).toEqual([401, 200]);
  });

  it('are listed without their secrets, and kept out of the record of changes', async () => {
    const system = await shop();
    const made = (await system.post('/v1/tokens', { service: 'web' })).body as { token: string };
    const secret = made.token.split('.')[4] ?? '';
    expect(secret.length).toBeGreaterThan(20);
    const listed = JSON.stringify([await system.get('/v1/tokens', { service: 'web' }), await system.changes()]);
    expect(listed).not.toContain(secret);
    expect(system.table.items().some((item) => JSON.stringify(item).includes(secret))).toBe(false);
  });

  it('of an unknown key are refused by name', async () => {
    const system = await shop();
    const answer = await system.post('/v1/tokens/revoke', { service: 'web', keyId: 'ffffffff' });
    expect(answer).toMatchObject({ status: 400, body: { problems: [expect.stringContaining('no live token ffffffff')] } });
  });
});

describe('a wrong request', () => {
  const problems = async (method: 'GET' | 'POST', path: string, body: object, asked: Record<string, string> = {}) => {
    const answer = await (await shop()).api(method, path, body, asked);
    return [answer.status, (answer.body as Answer)['problems']];
  };

  it('is told all that is wrong with fields and with fields taken together, at once', async () => {
    const order = { customer: 'A B', service: 'web', min: -1, max: 99_999, forMs: 'x', until: 5, foo: 1 };
    expect(await problems('POST', '/v1/override', order)).toEqual([
      400,
      [
        expect.stringMatching(/^customer: must be lower-case/),
        expect.stringMatching(/^forMs: /),
        'body: does not take foo',
        'min: must be a whole number from 0 to 5000; got -1',
        'max: must be a whole number from 0 to 5000; got 99999',
        'until: give how long or until when, not both',
      ],
    ]);
    // What was given, if wrongly, is not asked for once more.
    const given = { customer: 'acme', service: 'web', min: '9', forMs: 'x' };
    expect(await problems('POST', '/v1/override', given)).toEqual([
      400,
      [expect.stringMatching(/^min: /), expect.stringMatching(/^forMs: /)],
    ]);
    expect(await problems('POST', '/v1/pause', { all: true, customer: 'acme', in: 'yes' })).toEqual([
      400,
      [expect.stringMatching(/^in: /), 'all: cannot be given together with a customer or a service'],
    ]);
    expect(await problems('POST', '/v1/pause', { why: 5 })).toEqual([
      400,
      [expect.stringMatching(/^why: /), expect.stringMatching(/^customer: give a customer/)],
    ]);
  });

  it.each(['/v1/status', '/v1/services', '/v1/configs', '/v1/changes', '/v1/discovered', '/v1/doctor'])(
    'with a mistyped customer is not taken for one about all of them: %s',
    async (path) => {
      expect(await problems('GET', path, {}, { customre: 'acme' })).toEqual([400, ['query: does not take customre']]);
    },
  );
});

describe('what operators see', () => {
  it('status has each service with its newest readings and the bounds in force', async () => {
    const system = await shop();
    await system.report(system.tokens.get('web') ?? '', webReport(system.clock.now(), slow));
    await system.post('/v1/override', { service: 'web', max: 4, forMs: minutes(30) });
    await system.clock.advance(minutes(1));
    await system.report(system.tokens.get('web') ?? '', webReport(system.clock.now(), slow));
    const { services } = await system.get('/v1/status');
    const web = services.find(({ name }: { name: string }) => name === 'web');
    expect(web).toMatchObject({
      floor: 1,
      readings: [{ target: 'request-queue-time p95', unit: 'ms', objective: 50, value: expect.any(Number) }],
    });
    expect(web.readings[0].value).toBeGreaterThan(300);
    expect(services.find(({ name }: { name: string }) => name === 'api').readings[0].value).toBeNull();
  });

  it('status says what is paused, by whichever pause, and a resume which wider pauses go on', async () => {
    const system = await shop();
    const paused = async () => (await system.get('/v1/status'))['services'].map((one: Answer) => [one['name'], one['paused']]);
    await system.post('/v1/pause', { service: 'web', why: 'release' });
    await system.post('/v1/pause', { out: true, why: 'sale' });
    const all = { in: false, out: true, why: 'sale' };
    expect(new Map(await paused())).toEqual(
      new Map([
        ['web', { in: true, out: true, why: 'release; sale' }],
        ['api', all],
      ]),
    );
    const sale = { paused: 'customer acme', in: false, out: true, why: 'sale' };
    expect((await system.post('/v1/resume', { service: 'web', in: true })).body).toMatchObject({ wasPaused: true, stillPaused: [] });
    expect((await system.changes())[0]).toMatchObject({ summary: 'Resumed scaling in of service web of acme.' });
    expect((await system.post('/v1/resume', { service: 'web' })).body).toMatchObject({ wasPaused: true, stillPaused: [sale] });
    expect((await system.post('/v1/resume', { service: 'web' })).body).toMatchObject({ wasPaused: false, stillPaused: [sale] });
    await system.post('/v1/resume', {});
    expect(new Map(await paused())).toEqual(
      new Map([
        ['web', null],
        ['api', null],
      ]),
    );
  });

  it('what is configured has an override while it is in force, and not after', async () => {
    const system = await shop();
    await system.post('/v1/override', { service: 'web', min: 9, forMs: minutes(1) });
    const overrides = async () =>
      (await system.get('/v1/configs'))['services'].flatMap((one: Answer) => one['overrides'].map(({ min }: Answer) => min));
    expect(await overrides()).toEqual([9]);
    await system.clock.advance(minutes(2));
    expect(await overrides()).toEqual([]);
    expect((await system.get('/v1/configs', { service: 'web' }))['services'][0].overrides).toEqual([]);
  });

  it('a point a minute tells the last hours, and no more than one whatever reports', async () => {
    const system = await shop();
    for (let i = 0; i < 30; i++) {
      await system.report(system.tokens.get('web') ?? '', webReport(system.clock.now(), [1, 2, 3], { appTime: 5 }));
      await system.clock.advance(seconds(10));
    }
    const { points, targets } = await system.get('/v1/points', { service: 'web' });
    expect(targets).toHaveLength(1);
    expect(points.length).toBeGreaterThanOrEqual(5);
    expect(points.length).toBeLessThanOrEqual(6);
    expect(points.at(-1)).toMatchObject({ desired: 2, running: 2, floor: 1, cap: 40, values: [expect.any(Number)] });
    expect(await system.api('GET', '/v1/points', {}, { customer: 'acme', service: 'web', since: '0' })).toMatchObject({ status: 400 });
  });

  it('explain decides anew, changes nothing, and says what stands in the way', async () => {
    const system = await shop();
    await system.post('/v1/mode', { service: 'web', mode: 'observe' });
    await system.report(system.tokens.get('web') ?? '', webReport(system.clock.now(), slow));
    const before = system.table.items().length;
    const explained = await system.get('/v1/explain', { service: 'web' });
    expect(system.table.items()).toHaveLength(before);
    expect(explained).toMatchObject({
      mode: 'observe',
      now: { kind: 'hold', code: 'Observing', from: 2, to: 2, would: expect.any(Number) },
      bounds: { floor: 1, cap: 40 },
      lastScale: null,
      problems: [],
    });
    expect(explained['now'].trail.map(({ rule }: { rule: string }) => rule)).toContain('mode');
    expect(explained['wouldChange'][0]).toContain('sluice mode web on');
    expect(explained['readings'][0].value).toBeGreaterThan(300);
  });

  it('explain tells of a pause, a missing reading, a lost account and the last scaling', async () => {
    const system = await shop();
    await system.report(system.tokens.get('web') ?? '', webReport(system.clock.now(), slow));
    await system.deliver();
    await system.post('/v1/pause', { service: 'web', why: 'release' });
    await system.clock.advance(minutes(10));
    const explained = await system.get('/v1/explain', { service: 'web' });
    expect(explained['lastScale']).toMatchObject({ decision: { kind: 'scale' }, outcome: { outcome: 'applied' } });
    expect(explained['pauses']).toMatchObject([{ why: 'release' }]);
    expect(explained['readings'][0]).toMatchObject({ value: null, why: expect.any(String) });
    expect(explained['wouldChange'].join(' ')).toContain('is not known');
    await system.post('/v1/accounts/disconnect', { accountId: '111122223333' });
    expect(await system.api('GET', '/v1/explain', {}, { customer: 'acme', service: 'web' })).toMatchObject({ status: 400 });
  });
});

describe('applying', () => {
  it('refuses a second name for an ECS service that is under care already, and says whose it is', async () => {
    const system = await shop();
    const { services } = await system.apply([{ ...system.config('web'), name: 'web-again' }]);
    expect(services).toMatchObject([{ problem: { code: 'ArnInUse', why: expect.stringContaining('sluice remove web') } }]);
  });

  it('refuses what a policy file would be refused for, every problem at once, and applies nothing', async () => {
    const system = await shop();
    const wrong = system.config('web', aPolicy({ min: 9, max: 3 }));
    const services = [system.config('api', aPolicy({ min: 4 })), wrong, { ...system.config('x'), arn: 'nonsense' }].map(storeServiceConfig);
    const answer = await system.api('POST', '/v1/apply', { services });
    expect(answer.status).toBe(400);
    const { problems } = answer.body as { problems: string[] };
    expect(problems).toEqual([expect.stringContaining('services.1.tasks.max'), expect.stringContaining('services.2.arn')]);
    expect(await system.stored('api')).toMatchObject({ min: 1 });
  });
});

describe('forgetting a customer', () => {
  it('leaves nothing of theirs but limits of principals and one line on the operator’s record, and nothing of others is touched', async () => {
    const system = await shop();
    await system.connect('umbrella', '444455556666');
    await system.report(system.tokens.get('web') ?? '', webReport(system.clock.now(), slow));
    await system.deliver();
    await system.api('POST', '/v1/principals', { arn: 'arn:aws:iam::000000000000:role/acme-people', customer: 'acme' });
    expect(await system.api('POST', '/v1/forget', { customer: 'acme', confirm: 'yes' })).toMatchObject({ status: 400 });
    const others = () => system.table.items().filter((item) => item.pk.startsWith('umbrella#')).length;
    const umbrella = others();
    let answer = await system.api('POST', '/v1/forget', { customer: 'acme', confirm: 'acme' });
    for (let i = 0; i < 5 && (answer.body as { done: boolean }).done === false; i++)
      answer = await system.api('POST', '/v1/forget', { customer: 'acme', confirm: 'acme' });
    expect(answer).toMatchObject({ status: 200, body: { done: true } });
    expect(
      system.table
        .items()
        .filter((item) => item.pk.startsWith('acme#'))
        .map(({ pk, sk }) => `${pk} ${sk}`),
    ).toEqual([]);
    expect(others()).toBe(umbrella);
    const record = (await system.api('GET', '/v1/changes')).body as { changes: { summary: string }[] };
    expect(record.changes[0]?.summary).toContain('customer acme');
    expect((await system.api('GET', '/v1/principals')).body).toMatchObject({ principals: [{ customer: 'acme' }] });
    const reported = await system.report(system.tokens.get('api') ?? '', webReport(system.clock.now(), slow));
    expect(reported.status).toBe(401);
  });

  it('finds what services left behind that were removed, moved or disconnected before, in steps as large as a request may take', async () => {
    const system = await shop();
    await system.connect('acme', '222233334444');
    const far = 'arn:aws:ecs:us-east-1:222233334444:service/shop/far';
    const policy = aPolicy({ min: 1 });
    system.aws.put({ arn: far, desired: 2, running: 2 });
    await system.apply([{ customer: 'acme', name: 'far', group: 'islands', arn: far, policy }]);
    // A history of thousands, a move that leaves points in the old group, a removal, a disconnected account.
    const entry = (n: number) => ({ pk: 'acme#h#api', sk: `${String(n).padStart(14, '0')}#d${n}`, schema: 1 });
    for (let n = 0; n < 2_700; n += 900) {
      await system.table.putMany(Array.from({ length: 900 }, (_, i) => entry(n + i)));
      await system.clock.advance(seconds(2));
    }
    await system.report(system.tokens.get('web') ?? '', webReport(system.clock.now(), slow));
    await system.deliver();
    await system.tick();
    await system.apply([{ ...system.config('web'), group: 'shore' }]);
    await system.post('/v1/remove', { service: 'api' });
    await system.post('/v1/accounts/disconnect', { accountId: '222233334444' });
    await system.post('/v1/remove', { service: 'web' });
    const left = () => system.table.items().filter(({ pk, sk }) => `${pk} ${sk}`.includes('acme'));
    for (const pk of ['acme#h#web', 'acme#h#api', 'acme#m#shop', 'acme#t']) expect(left().map((item) => item.pk)).toContain(pk);

    const answers: boolean[] = [];
    for (let done = false; !done && answers.length < 10; answers.push(done)) {
      await system.clock.advance(seconds(5));
      const answer = await system.api('POST', '/v1/forget', { customer: 'acme', confirm: 'acme' });
      expect(answer.status).toBe(200);
      done = (answer.body as { done: boolean }).done;
    }
    expect(answers.length).toBeGreaterThan(1);
    expect(left().filter(({ pk }) => pk !== '~operator#changes')).toEqual([]);
    expect(await system.api('POST', '/v1/forget', { customer: 'acme', confirm: 'acme' })).toMatchObject({
      status: 400,
      body: { problems: ['customer: nothing is stored of a customer acme'] },
    });
  });
});
