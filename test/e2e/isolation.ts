import { expect } from 'vitest';

type Sluice = (...args: string[]) => Promise<{ readonly code: number; readonly out: string; readonly err: string }>;

interface Two {
  readonly own: string;
  readonly other: string;
  /** Both have a service of this name, whose ARN ends in "NAME-of-CUSTOMER". */
  readonly service: string;
  readonly account: string;
}

/** As `customer`, the reads that show a service; together they show all that a change could have touched. */
const reads = (service: string): readonly (readonly string[])[] => [
  ['services'],
  ['status'],
  ['status', service],
  ['explain', service],
  ['get'],
  ['get', service],
  ['changes'],
  ['decisions', service],
  ['token', 'list', service],
  ['tail', '--since', '10m', '--for', '1s'],
  ['tail', service, '--since', '10m', '--for', '1s'],
];

/** Changes of different kinds, each of which differs from what is in force before it. */
const changes = (service: string, why: string): readonly (readonly string[])[] => [
  ['mode', service, 'observe'],
  ['override', service, '--min', '3', '--for', '1h', '--name', why],
  ['pause', service, '--why', why],
  ['token', 'create', service],
];

/**
 * Each read shows what is the customer's own and no word of the other; each change is found in the own configuration and
 * leaves the other's as it was, to the letter; the other's service cannot be reached by its full name either.
 */
export async function expectOwnOnly(sluice: Sluice, { own, other, service, account }: Two): Promise<void> {
  const ask = async (customer: string, args: readonly string[]) => {
    const answer = await sluice(...args, '--customer', customer, '--json');
    expect(answer, `${args.join(' ')} --customer ${customer}`).toMatchObject({ code: 0, err: '' });
    return answer.out;
  };
  /** What people set, without what moves by itself. */
  const settings = async (customer: string) => ({
    files: await ask(customer, ['get']),
    tokens: await ask(customer, ['token', 'list', service]),
    changes: await ask(customer, ['changes']),
  });

  const before = { own: await settings(own), other: await settings(other) };
  const why = `only ${own}`;
  for (const args of changes(service, why)) expect(await ask(own, args), args.join(' ')).not.toContain(other);
  const after = { own: await settings(own), other: await settings(other) };
  expect(after.other).toEqual(before.other);
  for (const part of ['files', 'tokens', 'changes'] as const) expect(after.own[part], part).not.toBe(before.own[part]);
  expect(after.own.changes).toContain(why);

  for (const args of reads(service)) {
    const out = await ask(own, args);
    // Whether a decision was made within the seconds that this takes is the clock's matter.
    if (args[0] !== 'tail') expect(out, args.join(' ')).toMatch(new RegExp(`${service}-of-${own}|"${own}"|"${service}"|"tokens"`));
    expect(out, args.join(' ')).not.toContain(other);
  }
  const doctor = await sluice('doctor', account, '--customer', own, '--json');
  expect(doctor.out).toContain(own);
  expect(`${doctor.out}${doctor.err}`).not.toContain(other);

  for (const [command = '', ...rest] of [
    ['status'],
    ['explain'],
    ['get'],
    ['decisions'],
    ['mode', 'off'],
    ['pause'],
    ['override', '--clear'],
  ]) {
    const refused = await sluice(command, `${other}/${service}`, ...rest, '--customer', own);
    expect(refused, command).toMatchObject({ code: 2, out: '' });
  }
  expect(await settings(other)).toEqual(before.other);
  await ask(own, ['resume', service]);
}
