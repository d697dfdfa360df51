import type { DiscoveredService, Rival } from '../discover/discovered.ts';
import type { Fields } from './read-fields.ts';
import { fieldsWithin } from './read-fields.ts';
import type { Item, Value } from './table.ts';

/** What nearly every service is, and what is therefore not written. */
const USUAL = { status: 'ACTIVE', deploymentController: 'ECS', schedulingStrategy: 'REPLICA', resourceManagement: 'CUSTOMER' } as const;
/** Names as they are stored: an account may have thousands of services, and each letter is paid for every hour. */
const SHORT = { status: 's', deploymentController: 'dc', schedulingStrategy: 'ss', resourceManagement: 'rm' } as const;
const KINDS = ['status', 'deploymentController', 'schedulingStrategy', 'resourceManagement'] as const;

export function discoveredServiceValue(service: DiscoveredService): Value {
  const { cluster, name, desired, running, pending, launchType, capacityProviders, tags, rival } = service;
  return {
    // The partition is all of the ARN that the key and the names do not say.
    p: service.arn.split(':')[1] ?? 'aws',
    c: cluster,
    n: name,
    d: desired,
    r: running,
    w: pending,
    ...Object.fromEntries(KINDS.filter((kind) => service[kind] !== USUAL[kind]).map((kind) => [SHORT[kind], service[kind]])),
    ...(launchType === undefined ? {} : { l: launchType }),
    ...(capacityProviders.length === 0 ? {} : { cp: capacityProviders }),
    ...(Object.keys(tags).length === 0 ? {} : { t: { ...tags } }),
    ...(rival === undefined ? {} : { v: [rival.min, rival.max, rival.suspended ? 1 : 0, rival.policies, rival.schedules] }),
  };
}

/** Throws `UnreadableItem`. */
export function parseDiscoveredService(
  item: Item,
  value: Value,
  index: number,
  place: { readonly accountId: string; readonly region: string },
): DiscoveredService {
  const fields = fieldsWithin(item, value, `services.${index}.`);
  const kind = (name: (typeof KINDS)[number]) => (fields.has(SHORT[name]) ? fields.text(SHORT[name]) : USUAL[name]);
  const cluster = fields.text('c');
  const name = fields.text('n');
  return {
    arn: `arn:${fields.text('p')}:ecs:${place.region}:${place.accountId}:service/${cluster}/${name}`,
    cluster,
    name,
    status: kind('status'),
    desired: fields.count('d'),
    running: fields.count('r'),
    pending: fields.count('w'),
    ...(fields.has('l') ? { launchType: fields.text('l') } : {}),
    capacityProviders: fields.has('cp') ? fields.list('cp').map(String) : [],
    deploymentController: kind('deploymentController'),
    schedulingStrategy: kind('schedulingStrategy'),
    resourceManagement: kind('resourceManagement'),
    tags: fields.has('t') ? tagsOf(fields) : {},
    ...(fields.has('v') ? { rival: rivalOf(fields) } : {}),
  };
}

function tagsOf(fields: Fields): Record<string, string> {
  const tags = fields.fields('t');
  return Object.fromEntries(tags.names().map((name) => [name, tags.text(name)]));
}

function rivalOf(fields: Fields): Rival {
  const [min, max, suspended, policies, schedules] = fields.list('v').map((value) => (typeof value === 'number' ? value : Number.NaN));
  const all = [min, max, suspended, policies, schedules];
  if (
    min === undefined ||
    max === undefined ||
    policies === undefined ||
    schedules === undefined ||
    all.some((value) => !Number.isSafeInteger(value))
  ) {
    return fields.fail('v', 'should be five whole numbers');
  }
  return { min, max, suspended: suspended === 1, policies, schedules };
}
