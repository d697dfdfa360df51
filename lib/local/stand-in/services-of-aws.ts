/** AWS services by the name in IAM's actions, which is also the one that their requests are signed for. */
export type AwsServiceName = 'ecs' | 'sts' | 'iam' | 'account' | 'application-autoscaling';

/** STS and IAM speak the query protocol: errors are XML, have shorter names, and those of access come with 403. */
export const speaksQuery = (service: string): boolean => service === 'sts' || service === 'iam';
