import { callsOf, escalations } from '../calls.ts';
import { githubAllows, githubRefuses, githubTrust } from '../github-trust.ts';
import type { Purpose } from '../purpose.ts';
import { arnOf, elsewhere, type Scope } from '../scope.ts';

const OF = 'push-image';
const repositoryArns = (scope: Scope) => scope.repositories.map((name) => arnOf(scope, 'ecr', `repository/${name}`));

/** Pushing images to repositories that there are. */
export const PUSH_IMAGE: Purpose = {
  name: 'push-image',
  says: 'look whether an image is in an ECR repository, and push it there; makes no repository',
  needs: ['repository'],
  takes: ['githubRepository', 'githubEnvironment'],
  grants: (scope) => [
    {
      name: OF,
      called: 'sluice-push-image',
      says: 'Pushes images to the ECR repositories named.',
      ...githubTrust(scope),
      statements: [
        {
          sid: 'LogIn',
          actions: {
            'ecr:GetAuthorizationToken':
              'docker login: a password for the registry, good for twelve hours and for what the rest of the policy allows.',
          },
          resources: ['*'],
          wide: 'IAM has no resource for it: one token is for all repositories, and opens none by itself.',
        },
        {
          sid: 'SeeImages',
          actions: {
            'ecr:DescribeImages': 'Whether the tag is there already, before anything is built.',
            'ecr:BatchGetImage':
              'The manifest of what is there: docker asks for it to skip a push, and to point a further tag at an image.',
          },
          resources: repositoryArns(scope),
        },
        {
          sid: 'PushImages',
          actions: {
            'ecr:BatchCheckLayerAvailability': 'Which layers are there and need not be sent.',
            'ecr:InitiateLayerUpload': 'Begins a layer.',
            'ecr:UploadLayerPart': 'Sends a layer, part by part.',
            'ecr:CompleteLayerUpload': 'Ends a layer.',
            'ecr:PutImage':
              'Writes the manifest under its tag. With immutable tags (a setting of the repository) no tag that is there can be moved.',
          },
          resources: repositoryArns(scope),
        },
      ],
    },
  ],
  allows: (scope) => [
    ...githubAllows(OF, scope),
    callsOf(OF)('log in to the registry', 'ecr:GetAuthorizationToken', '*'),
    ...repositoryArns(scope).flatMap((arn) => [
      callsOf(OF)('look for a tag', 'ecr:DescribeImages', arn),
      callsOf(OF)('read a manifest', 'ecr:BatchGetImage', arn),
      callsOf(OF)('ask for layers', 'ecr:BatchCheckLayerAvailability', arn),
      callsOf(OF)('begin a layer', 'ecr:InitiateLayerUpload', arn),
      callsOf(OF)('send a layer', 'ecr:UploadLayerPart', arn),
      callsOf(OF)('end a layer', 'ecr:CompleteLayerUpload', arn),
      callsOf(OF)('write an image', 'ecr:PutImage', arn),
    ]),
  ],
  refuses: (scope) => {
    const call = callsOf(OF);
    const [repository = ''] = repositoryArns(scope);
    return [
      ...githubRefuses(OF, scope),
      call('make a repository', 'ecr:CreateRepository', `${repository}-2`),
      call('make the repository anew', 'ecr:CreateRepository', repository),
      call('delete the repository', 'ecr:DeleteRepository', repository),
      call('delete images', 'ecr:BatchDeleteImage', repository),
      call('fetch layers, and with them whatever is in images', 'ecr:GetDownloadUrlForLayer', repository),
      call('open the repository to others', 'ecr:SetRepositoryPolicy', repository),
      call('let tags be moved', 'ecr:PutImageTagMutability', repository),
      call('let images expire', 'ecr:PutLifecyclePolicy', repository),
      call('push to another repository', 'ecr:PutImage', `${repository}-2`),
      call(
        "push to another account's repository",
        'ecr:PutImage',
        arnOf(elsewhere(scope), 'ecr', `repository/${scope.repositories[0] ?? ''}`),
      ),
      call('deploy the image', 'ecs:UpdateService', arnOf(scope, 'ecs', 'service/shop/web')),
      ...escalations(OF, scope),
    ];
  },
};
