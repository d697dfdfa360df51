import type { AccountHealth, Finding, FindingCode, RegionHealth } from '../discover/discovered.ts';
import { keys } from './keys.ts';
import { fieldsWithin, itemSchema, readFields } from './read-fields.ts';
import type { Item, Value } from './table.ts';

/** Foreign text that is kept is cut: an item has 400 KB at most, and nobody reads on. */
const LONGEST_WHY = 1_000;
const CODES: readonly FindingCode[] = ['TrustTooOpen', 'RoleMissing', 'PermissionMissing', 'PermissionTooWide', 'TemplateOutdated'];

export const healthItem = (health: AccountHealth): Item => ({
  ...keys.health(health.customer, health.accountId),
  schema: itemSchema,
  at: health.at,
  ...(health.alias === undefined ? {} : { alias: health.alias }),
  ...(health.provedAt === undefined ? {} : { provedAt: health.provedAt }),
  regionsFrom: health.regionsFrom,
  regions: health.regions.map(regionValue),
  findings: health.findings.map(findingValue),
});

/** Throws `UnreadableItem`. */
export const parseHealth = (item: Item): AccountHealth => {
  const fields = readFields(item);
  const [, customer] = /^([^#]+)#d$/.exec(item.pk) ?? [];
  const [, accountId] = /^health#([^#]+)$/.exec(item.sk) ?? [];
  if (customer === undefined || accountId === undefined) return fields.fail('sk', 'is not that of an account');
  return {
    customer,
    accountId,
    ...(fields.has('alias') ? { alias: fields.text('alias') } : {}),
    at: fields.number('at'),
    ...(fields.has('provedAt') ? { provedAt: fields.number('provedAt') } : {}),
    regionsFrom: fields.oneOf('regionsFrom', ['account', 'fall-back']),
    regions: fields.list('regions').map((value, i) => parseRegion(item, value, i)),
    findings: fields.list('findings').map((value, i) => parseFinding(item, value, i)),
  };
};

const regionValue = ({ region, seenAt, services, problem }: RegionHealth): Value => ({
  region,
  services,
  ...(seenAt === undefined ? {} : { seenAt }),
  ...(problem === undefined ? {} : { code: problem.code, why: problem.why.slice(0, LONGEST_WHY) }),
});

const findingValue = ({ code, why, at, action, meant, regions }: Finding): Value => ({
  code,
  why: why.slice(0, LONGEST_WHY),
  at,
  ...(action === undefined ? {} : { action }),
  ...(meant === undefined ? {} : { meant }),
  ...(regions === undefined ? {} : { regions }),
});

function parseRegion(item: Item, value: Value, index: number): RegionHealth {
  const fields = fieldsWithin(item, value, `regions.${index}.`);
  return {
    region: fields.text('region'),
    services: fields.count('services'),
    ...(fields.has('seenAt') ? { seenAt: fields.number('seenAt') } : {}),
    ...(fields.has('code') ? { problem: { code: fields.text('code'), why: fields.text('why') } } : {}),
  };
}

function parseFinding(item: Item, value: Value, index: number): Finding {
  const fields = fieldsWithin(item, value, `findings.${index}.`);
  return {
    code: fields.oneOf('code', CODES),
    why: fields.text('why'),
    at: fields.number('at'),
    ...(fields.has('action') ? { action: fields.text('action') } : {}),
    ...(fields.has('meant') ? { meant: fields.oneOf('meant', ['perhaps']) } : {}),
    ...(fields.has('regions') ? { regions: fields.list('regions').map(String) } : {}),
  };
}
