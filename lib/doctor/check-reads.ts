import { serviceArn } from '../accounts/service-arn.ts';
import { AwsFailure } from '../aws/aws-failure.ts';
import type { Explorer, RegionExplorer, SeenTarget } from '../discover/account-aws.ts';
import { permissionMissing } from '../discover/findings.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import { type Check, ok, unknown, wrong } from './check.ts';

const READS = 'reads';
const RIVALS = 'rival scalers';

/** Every read that discovery makes, each once, in one Region: which of them the role allows. */
export async function checkReads(explorer: Explorer, region: string, now: number): Promise<readonly Check[]> {
  const refused: Check[] = [];
  let asked = 0;
  const ask = async <T>(make: () => Promise<T>): Promise<T | undefined> => {
    asked += 1;
    try {
      return await make();
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      const { action } = error;
      if (error.kind === 'denied')
        refused.push(wrong(`${READS}: ${action}`, permissionMissing(action, now).why, 'Update the stack of the read template.'));
      else refused.push(unknown(`${READS}: ${action}`, error.message, 'Ask again in a minute.'));
      return undefined;
    }
  };
  const aws = explorer.in(region);
  await ask(() => explorer.alias());
  await ask(() => explorer.regions());
  const cluster = (await ask(() => aws.clusters()))?.items[0];
  if (cluster !== undefined) {
    await ask(() => aws.describeClusters([cluster]));
    await ask(() => aws.tags(cluster));
    const service = (await ask(() => aws.services(cluster)))?.items[0];
    if (service !== undefined) await ask(() => aws.describeServices(cluster, [service]));
  }
  await ask(() => aws.scalableTargets());
  await ask(() => aws.scalingPolicies());
  await ask(() => aws.scheduledActions());
  if (refused.length > 0) return refused;
  return [ok(READS, `All ${asked} that could be tried in ${region} are allowed.`)];
}

/** Services under care that Application Auto Scaling scales, too. */
export async function checkRivals(explorer: Explorer, services: readonly ServiceConfig[]): Promise<readonly Check[]> {
  if (services.length === 0) return [];
  const rivals: Check[] = [];
  for (const region of new Set(services.map(({ arn }) => serviceArn(arn).region))) {
    const targets = await allTargets(explorer.in(region));
    for (const { name, arn } of services) {
      const at = serviceArn(arn);
      const resource = `service/${at.cluster}/${at.service}`;
      const rival = targets.find((target) => at.region === region && target.resource === resource && !target.suspended);
      if (rival === undefined) continue;
      const what = `Application Auto Scaling has a target for ${name}, from ${rival.min} to ${rival.max} tasks: two scalers on one service fight.`;
      const mend = `aws application-autoscaling deregister-scalable-target --service-namespace ecs --scalable-dimension ecs:service:DesiredCount --resource-id ${resource} --region ${region}`;
      rivals.push(wrong(`${RIVALS}: ${name}`, what, mend));
    }
  }
  return rivals.length > 0 ? rivals : [ok(RIVALS, 'None scales a service that is under care.')];
}

async function allTargets(aws: RegionExplorer): Promise<SeenTarget[]> {
  const all: SeenTarget[] = [];
  let after: string | undefined;
  do {
    const page = await aws.scalableTargets(after);
    all.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return all;
}
