import { because } from '../because.ts';
import type { PolicyStatement } from '../purpose.ts';
import { iamArn, type Scope } from '../scope.ts';

/** Only for report URLs under a host name of one's own. */
export function reportsDomainStatements(scope: Scope): readonly PolicyStatement[] {
  if (scope.reportsDomain === '') return [];
  const api = (path: string) => `arn:${scope.partition}:apigateway:${scope.region}::${path}`;
  const verbs = because('The HTTP API in front of ingest, and the host name that leads to it.', 'apigateway', 'GET POST PUT PATCH DELETE');
  return [
    {
      sid: 'ReportsDomain',
      actions: verbs,
      resources: [
        api('/apis'),
        api('/apis/*'),
        api('/domainnames'),
        api(`/domainnames/${scope.reportsDomain}`),
        api(`/domainnames/${scope.reportsDomain}/*`),
        api('/tags/*'),
      ],
      wide: 'AWS makes up the ids of APIs, and its authorisation knows no account for them: HTTP APIs of the Region are within reach, host names are not but for this one.',
    },
    {
      sid: 'DomainServiceRole',
      actions: { 'iam:CreateServiceLinkedRole': "API Gateway's own role, which the account's first host name makes." },
      resources: [iamArn(scope, `role/aws-service-role/ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway`)],
      conditions: { StringEquals: { 'iam:AWSServiceName': 'ops.apigateway.amazonaws.com' } },
    },
    ...(scope.hostedZone === ''
      ? []
      : [
          {
            sid: 'ReportsDns',
            actions: because('Enters the host name.', 'route53', 'ChangeResourceRecordSets'),
            resources: [`arn:${scope.partition}:route53:::hostedzone/${scope.hostedZone}`],
            conditions: {
              'ForAllValues:StringEquals': { 'route53:ChangeResourceRecordSetsNormalizedRecordNames': scope.reportsDomain },
              Null: { 'route53:ChangeResourceRecordSetsNormalizedRecordNames': 'false' },
            },
          },
          {
            sid: 'SeeDns',
            actions: because('Looks the name up, and waits until it is known.', 'route53', 'GetHostedZone ListResourceRecordSets'),
            resources: [`arn:${scope.partition}:route53:::hostedzone/${scope.hostedZone}`],
          },
          {
            sid: 'WaitForDns',
            actions: because('Waits until the change is everywhere.', 'route53', 'GetChange'),
            resources: [`arn:${scope.partition}:route53:::change/*`],
            wide: 'AWS makes up the ids of changes; this reads one.',
          },
        ]),
  ];
}
