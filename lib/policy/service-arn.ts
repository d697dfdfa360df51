/** The parts of an ECS service's ARN. */
export interface ServiceArn {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly cluster: string;
  readonly service: string;
}

const pattern =
  /^arn:(aws|aws-cn|aws-us-gov):ecs:([a-z]{2}(?:-[a-z]+)+-\d{1,2}):(\d{12}):service\/([A-Za-z0-9_-]{1,255})\/([A-Za-z0-9_-]{1,255})$/;
const shortForm = /^(arn:[a-z-]+:ecs:[a-z0-9-]+:\d{12}:service\/)([A-Za-z0-9_-]{1,255})$/;

const partitionOf = (region: string) => (region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws');

/**
 * Takes an ECS service's ARN apart, or says what is wrong with it. ECS's old form, without the
 * cluster, is refused: no call can be made with it, and the role's policy names the new one.
 */
export function parseServiceArn(
  text: string,
): { readonly ok: true; readonly arn: ServiceArn } | { readonly ok: false; readonly why: string } {
  const short = shortForm.exec(text);
  if (short) return { ok: false, why: `this is ECS's old form, which does not say the cluster: write ${short[1]}<cluster>/${short[2]}` };
  const match = pattern.exec(text);
  if (!match) {
    return {
      ok: false,
      why: "an ECS service's ARN looks like arn:aws:ecs:us-east-1:111122223333:service/<cluster>/<service> (partition aws, aws-cn or aws-us-gov)",
    };
  }
  const [, partition = '', region = '', accountId = '', cluster = '', service = ''] = match;
  if (partition !== partitionOf(region)) return { ok: false, why: `${region} is in partition ${partitionOf(region)}, not ${partition}` };
  return { ok: true, arn: { partition, region, accountId, cluster, service } };
}
