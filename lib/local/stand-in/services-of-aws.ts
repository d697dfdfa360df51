/** AWS services by the name in IAM's actions. */
export type AwsServiceName = 'ecs' | 'sts' | 'iam' | 'account' | 'application-autoscaling' | 'sqs' | 'cloudwatch';

/** The name that requests to a service are signed for: the same but for CloudWatch. */
export const signingName = (service: string): string => (service === 'cloudwatch' ? 'monitoring' : service);

/** STS and IAM speak the query protocol: errors are XML, have shorter names, and those of access come with 403. */
export const speaksQuery = (service: string): boolean => service === 'sts' || service === 'iam';
