/** What differs between AWS's partitions for a person who installs a template. */
export interface PartitionPlaces {
  readonly partition: 'aws' | 'aws-cn' | 'aws-us-gov';
  /** The console of a Region. */
  readonly console: (region: string) => string;
  /** The last part of the names of S3's servers. */
  readonly s3Domain: string;
}

/** A Region says its partition by how it begins. */
export function placesOf(region: string): PartitionPlaces {
  if (region.startsWith('cn-'))
    return { partition: 'aws-cn', console: (at) => `https://${at}.console.amazonaws.cn`, s3Domain: 'amazonaws.com.cn' };
  if (region.startsWith('us-gov-')) {
    return { partition: 'aws-us-gov', console: (at) => `https://${at}.console.amazonaws-us-gov.com`, s3Domain: 'amazonaws.com' };
  }
  return { partition: 'aws', console: (at) => `https://${at}.console.aws.amazon.com`, s3Domain: 'amazonaws.com' };
}
