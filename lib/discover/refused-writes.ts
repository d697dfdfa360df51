import type { Instant } from '../clock.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import type { ControlStore } from '../stores/ports.ts';
import type { Finding } from './discovered.ts';
import { permissionMissing } from './findings.ts';

/**
 * Services whose last change AWS refused. Whether a role may update a service that exists cannot be tried without a change that
 * counts as one; what `scale` met tells.
 */
export async function refusedWrites(
  deps: { readonly controls: Pick<ControlStore, 'getMany'> },
  services: readonly ServiceConfig[],
  at: Instant,
): Promise<Finding[]> {
  const names = new Map(services.map((config) => [`${config.group}#${config.name}`, config]));
  const controls = await deps.controls.getMany(services.map(({ customer, group, name }) => ({ customer, group, service: name })));
  const refused = controls.flatMap((control) => {
    const { lastOutcome, group, service } = control;
    const denied = lastOutcome?.outcome === 'refused' && /^ecs:UpdateService: AccessDenied/.test(lastOutcome.why);
    return denied ? (names.get(`${group}#${service}`)?.arn ?? []) : [];
  });
  if (refused.length === 0) return [];
  const finding = permissionMissing('ecs:UpdateService', at);
  return [{ ...finding, why: `${finding.why} Services: ${shown(refused)}.` }];
}

const shown = (arns: readonly string[]) =>
  arns.length <= 5 ? arns.join(', ') : `${arns.slice(0, 5).join(', ')} and ${arns.length - 5} more`;
