import type { Mode, ServiceConfig } from '../../lib/policy/policy.ts';
import { storeServiceConfig } from '../../lib/policy/store-policy.ts';
import type { Dice } from './dice.ts';
import type { Disturbance, Emphasis } from './emphasis.ts';
import type { SimulatedCustomer, SimulatedService } from './scenario.ts';
import type { World } from './world.ts';

/** What people and the world do while faults happen; drawn and set at the beginning. */
export function upsetTheWorld(world: World, die: Dice, { whileDeciding }: Emphasis = {}): void {
  const { scenario, scheduler, weather } = world;
  const { faultsFrom, faultsUntil, customers } = scenario;
  if (scenario.dstEdge) weather.count('dst-edge');
  weather.count('clock-skew');
  const some = () => {
    const customer = die.pick(customers as readonly [SimulatedCustomer, ...SimulatedCustomer[]]);
    return { customer, service: die.pick(customer.services as readonly [SimulatedService, ...SimulatedService[]]) };
  };
  const times = die.int(0, scenario.large ? 60 : 14);
  for (let i = 0; i < times; i++) {
    const at = die.between(faultsFrom, faultsUntil);
    const { customer, service } = some();
    const upset = die.pick(UPSETS);
    scheduler.at(at, () => upset(world, die, customer, service));
  }
  const often = whileDeciding === undefined ? DISTURBED : OFTEN;
  world.disturb = ({ pk, sk, dec }) => {
    const [name] = pk.split('#');
    const customer = customers.find((one) => one.name === name);
    const service = customer?.services.find(({ config }) => `control#${config.name}` === sk);
    if (customer === undefined || service === undefined || !weather.rages(scheduler.now) || !die.chance(often)) return;
    const { f: from, t: to } = dec as { readonly f: number; readonly t: number };
    if (whileDeciding === 'silence' && to >= from) return;
    // Silence in the midst of scaling in is what nothing may be concluded from.
    const drawn = to < from && die.chance(0.5) ? silence : die.pick(DISTURBANCES);
    const disturbance = whileDeciding === undefined ? drawn : EMPHASIZED[whileDeciding];
    scheduler.after(die.between(0, 250), () => disturbance(world, die, customer, service));
  };
  scheduler.at(faultsUntil, () => {
    world.adapters.soothe();
    weather.hot.clear();
    for (const role of world.cloud.roles.values()) role.closed = false;
    for (const one of world.cloud.services.values()) one.deploying = false;
  });
}

type Upset = (world: World, die: Dice, customer: SimulatedCustomer, service: SimulatedService) => void;

const adapter: Upset = ({ adapters }, _die, _customer, service) => adapters.upset(service);

const silence: Upset = ({ adapters }, _die, _customer, service) => adapters.silence(service);

const foreignWriter: Upset = ({ cloud, weather, scheduler }, die, _customer, { config }) => {
  const service = cloud.services.get(config.arn);
  if (service === undefined) return;
  weather.count('foreign-writer');
  service.foreignAt = scheduler.now;
  cloud.setDesired(service, die.int(0, config.policy.max + 2));
};

const deploy: Upset = ({ cloud, weather, scheduler }, die, _customer, { config }) => {
  const service = cloud.services.get(config.arn);
  if (service === undefined) return;
  weather.count('deployment');
  service.deploying = true;
  service.deploymentCreatedAt = scheduler.now;
  if (die.chance(0.4)) {
    weather.count('deployment-resets-count');
    cloud.setDesired(service, Math.max(1, config.policy.min));
  }
  scheduler.after(die.between(30_000, 200_000), () => {
    service.deploying = false;
  });
};

const deleted: Upset = ({ cloud, weather, scheduler }, die, _customer, { config }) => {
  const service = cloud.services.get(config.arn);
  if (service === undefined) return;
  weather.count('service-deleted');
  cloud.services.delete(config.arn);
  scheduler.after(die.between(60_000, 200_000), () => cloud.services.set(config.arn, service));
};

const coldStart: Upset = ({ platform, weather }) => {
  weather.count('cold-start-of-everything');
  platform.killAll('everything starts anew');
};

const hotPartition: Upset = ({ weather, scheduler }, die, { name }, { config }) => {
  const pk = die.pick([`${name}#g#${config.group}`, `${name}#r#${config.group}#0`, `${name}#w`, `${name}#h#${config.name}`]);
  weather.hot.set(pk, scheduler.now + die.between(5_000, 60_000));
};

const closeRole: Upset = ({ cloud, weather, scheduler }, die, { accountId }) => {
  for (const role of cloud.roles.values()) {
    if (role.accountId !== accountId) continue;
    weather.count('role-closed');
    role.closed = true;
    scheduler.after(die.between(30_000, 200_000), () => {
      role.closed = false;
    });
  }
};

const disconnect: Upset = (world, die, customer) => {
  const { name, accountId } = customer;
  world.weather.count('customer-disconnects');
  const comesBackAfter = die.chance(0.6) ? die.between(20_000, 120_000) : undefined;
  world.people.insist(name, '/v1/accounts/disconnect', { customer: name, accountId }, () => {
    if (comesBackAfter !== undefined) world.scheduler.after(comesBackAfter, () => world.people.onboard(customer));
  });
};

const changePolicy: Upset = (world, die, { name }, { config }) => {
  world.weather.count('policy-change');
  const { policy } = config;
  const min = die.int(0, policy.max);
  const changed = { ...config, policy: { ...policy, min, max: Math.max(1, die.int(min, policy.max + 4)) } };
  const which = die.roll();
  if (which < 0.4) world.people.insist(name, '/v1/apply', { services: [storeServiceConfig(changed)] });
  else if (which < 0.75) putInMode(world, die, name, config);
  else {
    const bound = die.chance(0.5) ? { min: die.int(1, policy.max) } : { max: die.int(1, policy.max) };
    world.people.insist(name, '/v1/override', { customer: name, service: config.name, ...bound, forMs: die.int(2, 8) * 60_000 });
  }
};

function putInMode(world: World, die: Dice, customer: string, { name, policy }: ServiceConfig): void {
  const mode = (to: Mode) => world.people.insist(customer, '/v1/mode', { customer, service: name, mode: to });
  mode(die.pick(['off', 'observe', 'out-only']));
  world.scheduler.after(die.between(60_000, 180_000), () => mode(policy.mode));
}

const changeMode: Upset = (world, die, { name }, { config }) => {
  world.weather.count('policy-change');
  putInMode(world, die, name, config);
};

const pause: Upset = (world, die, { name }, { config }) => {
  world.weather.count('pause');
  const scope = die.chance(0.5) ? { customer: name, service: config.name } : { customer: name };
  const direction = die.pick<object>([{}, { in: true }, { out: true }]);
  world.people.insist(name, '/v1/pause', { ...scope, ...direction, forMs: die.int(1, 4) * 60_000 });
};

const UPSETS: readonly [Upset, ...Upset[]] = [
  adapter,
  adapter,
  adapter,
  foreignWriter,
  deploy,
  deleted,
  coldStart,
  hotPartition,
  hotPartition,
  closeRole,
  disconnect,
  changePolicy,
  changePolicy,
  changePolicy,
  pause,
];

/** How often something happens while a decision is under way: that is where most goes wrong. */
const DISTURBED = 0.1;

const DISTURBANCES: readonly [Upset, ...Upset[]] = [changePolicy, changePolicy, pause, pause, foreignWriter, disconnect, closeRole];

/** The same where it is emphasized. */
const OFTEN = 0.5;

const EMPHASIZED: Readonly<Record<Disturbance, Upset>> = {
  policy: changePolicy,
  mode: changeMode,
  pause,
  silence,
  'foreign-writer': foreignWriter,
  disconnect,
  role: closeRole,
};
