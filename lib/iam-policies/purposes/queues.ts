import { callsOf, escalations } from '../calls.ts';
import type { Purpose } from '../purpose.ts';
import { arnOf, elsewhere, type Scope } from '../scope.ts';
import { narrowed } from './ecs-statements.ts';

const OF = 'queues';
const queueArns = (scope: Scope) => scope.queues.map((queue) => arnOf(scope, 'sqs', queue));

/** Reading how much waits in named queues, and metrics. */
export const QUEUES: Purpose = {
  name: 'queues',
  says: 'read the depth of the SQS queues named, and CloudWatch metrics; never a message',
  needs: ['queue'],
  takes: [],
  grants: (scope) => [
    {
      name: OF,
      called: 'sluice-queues',
      says: 'Reads the depth of the SQS queues named, and CloudWatch metrics.',
      statements: [narrowed('ReadQueueDepths', queueArns(scope)), narrowed('ReadMetrics', ['*'])],
    },
  ],
  allows: (scope) => [
    ...queueArns(scope).map((arn) => callsOf(OF)('read how many messages wait', 'sqs:GetQueueAttributes', arn)),
    callsOf(OF)('read a metric', 'cloudwatch:GetMetricData', '*'),
  ],
  refuses: (scope) => {
    const call = callsOf(OF);
    const queue = queueArns(scope)[0] ?? '';
    return [
      call('take a message', 'sqs:ReceiveMessage', queue),
      call('send a message', 'sqs:SendMessage', queue),
      call('delete a message', 'sqs:DeleteMessage', queue),
      call('empty the queue', 'sqs:PurgeQueue', queue),
      call('change the queue', 'sqs:SetQueueAttributes', queue),
      call('read the depth of another queue', 'sqs:GetQueueAttributes', `${queue}-2`),
      call("read the depth of another account's queue", 'sqs:GetQueueAttributes', arnOf(elsewhere(scope), 'sqs', scope.queues[0] ?? '')),
      call('write a metric', 'cloudwatch:PutMetricData', '*'),
      call('change an alarm', 'cloudwatch:PutMetricAlarm', arnOf(scope, 'cloudwatch', 'alarm:high')),
      call('read logs', 'logs:GetLogEvents', arnOf(scope, 'logs', 'log-group:/aws/ecs/web:log-stream:1')),
      ...escalations(OF, scope),
    ];
  },
};
