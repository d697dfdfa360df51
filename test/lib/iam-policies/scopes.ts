import { withExample } from '../../../lib/iam-policies/example.ts';
import type { PurposeName } from '../../../lib/iam-policies/purpose.ts';
import { purposeOf } from '../../../lib/iam-policies/purposes.ts';
import { readScope } from '../../../lib/iam-policies/read-scope.ts';
import type { GivenScope } from '../../../lib/iam-policies/scope.ts';
import type { Form } from './forms.ts';

/** A purpose as printed for what is given, example values in place of the rest. */
export function printed(name: PurposeName, given: GivenScope = {}, { example = true } = {}): Form {
  const purpose = purposeOf(name);
  if (purpose === undefined) throw new Error(`no purpose ${name}`);
  const read = readScope(purpose, example ? withExample(purpose, given) : given);
  if (!read.ok) throw new Error(read.problems.join('\n'));
  return { purpose, scope: read.scope, grants: purpose.grants(read.scope) };
}

const place = { account: '111122223333', region: 'eu-west-1' };

/** Every purpose in several scopes: in each partition, by example and with as little, or as much, as it takes. */
export const SCOPES: readonly (readonly [title: string, form: Form])[] = [
  ...(['us-east-1', 'cn-north-1', 'us-gov-west-1'] as const).flatMap((region) =>
    (['observe', 'scale', 'queues', 'irsa', 'deploy-sluice', 'push-image', 'deploy-service', 'terraform-state', 'terragrunt'] as const).map(
      (name) => [`${name} by example in ${region}`, printed(name, { region })] as const,
    ),
  ),
  ['observe of services', printed('observe', { ...place, cluster: ['shop'], service: ['web', 'shop/jobs'] }, { example: false })],
  [
    'scale of two services, hardened',
    printed('scale', { ...place, service: ['shop/web', 'till/api'], hardenRequests: true }, { example: false }),
  ],
  [
    'irsa of two services alone, hardened',
    printed('irsa', { cluster: ['shop'], service: ['web', 'jobs'], hardenRequests: true, table: ['sluice-dev'], stage: ['dev'] }),
  ],
  [
    'irsa of one cluster and nothing else',
    printed(
      'irsa',
      {
        ...place,
        cluster: ['shop'],
        oidcProvider: ['https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF'],
        namespace: ['ops'],
        serviceAccount: ['sluice'],
      },
      { example: false },
    ),
  ],
  ['deploy-sluice without GitHub', printed('deploy-sluice', { ...place, stage: ['dev'] }, { example: false })],
  [
    'deploy-sluice with a host name of its own',
    printed('deploy-sluice', { ...place, reportsDomain: ['reports.example.com'], hostedZone: ['Z0123456789ABCDEFGHIJ'] }),
  ],
  [
    'push-image to two repositories without GitHub',
    printed('push-image', { ...place, repository: ['a-b', 'shop/web'] }, { example: false }),
  ],
  [
    'deploy-service of another family',
    printed(
      'deploy-service',
      { ...place, service: ['shop/web'], role: ['app/web-task'], taskDefinition: ['shop-web'] },
      { example: false },
    ),
  ],
  [
    'deploy-service, hardened',
    printed('deploy-service', { ...place, service: ['shop/web'], role: ['web-task'], hardenRequests: true }, { example: false }),
  ],
  ['terraform-state of a whole bucket', printed('terraform-state', { ...place, bucket: ['state'], table: ['locks'] }, { example: false })],
  [
    'terraform-state whose locks move from a table to files',
    printed('terraform-state', { ...place, bucket: ['state'], key: ['a/b.tfstate'], table: ['locks'], lockFile: true }, { example: false }),
  ],
  [
    'terraform-state with lock files',
    printed('terraform-state', { ...place, bucket: ['state'], key: ['a/b.tfstate'], lockFile: true }, { example: false }),
  ],
  [
    'terragrunt of a whole bucket with lock files',
    printed('terragrunt', { ...place, bucket: ['state'], lockFile: true }, { example: false }),
  ],
];
