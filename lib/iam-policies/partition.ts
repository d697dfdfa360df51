export type Partition = 'aws' | 'aws-cn' | 'aws-us-gov';

/** Which partition a Region is of; undefined for Regions of partitions that are apart from all of these (isolated and sovereign ones). */
export function partitionOf(region: string): Partition | undefined {
  if (/^(us-iso[a-z]*|eu-isoe|eusc)-/.test(region)) return undefined;
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** The last part of the names of AWS's servers. */
export const domainOf = (partition: Partition): string => (partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com');
