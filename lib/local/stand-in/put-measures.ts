import * as z from 'zod';
import type { Measures } from './measures.ts';
import type { Put } from './put-account.ts';

const count = z.int().min(0);
const Queue = z.strictObject({
  arn: z
    .string()
    .regex(
      /^arn:aws(-[a-z0-9]+)*:sqs:[a-z]{2,}(-[a-z0-9]+)+-\d+:\d{12}:[A-Za-z0-9_-]{1,80}(\.fifo)?$/,
      'must be like arn:aws:sqs:us-east-1:111122223333:imports',
    ),
  visible: count.optional(),
  inFlight: count.optional(),
  ageSeconds: z.number().min(0).nullable().optional(),
});

const Metric = z.strictObject({
  accountId: z.string().regex(/^\d{12}$/, 'must be twelve digits'),
  region: z.string().regex(/^[a-z]{2,}(-[a-z0-9]+)+-\d+$/, 'must be one like us-east-1'),
  namespace: z.string().min(1),
  metric: z.string().min(1),
  dimensions: z.record(z.string(), z.string()).default({}),
  value: z.number().nullable(),
});

const wrong = ({ issues }: z.ZodError): Put => ({
  ok: false,
  problems: issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`),
});

/** Makes an SQS queue, or says what is in it from now on; what is left out stays as it is. */
export function putQueue(value: unknown, measures: Measures): Put {
  const parsed = Queue.safeParse(value);
  if (!parsed.success) return wrong(parsed.error);
  const { arn, visible, inFlight, ageSeconds } = parsed.data;
  const state = measures.setQueue(arn, {
    ...(visible === undefined ? {} : { visible }),
    ...(inFlight === undefined ? {} : { inFlight }),
    ...(ageSeconds === undefined ? {} : { ageSeconds }),
  });
  return { ok: true, body: { arn, ...state } };
}

/** Says what a metric of CloudWatch is from now on; null: it has no datapoints. */
export function putMetric(value: unknown, measures: Measures): Put {
  const parsed = Metric.safeParse(value);
  if (!parsed.success) return wrong(parsed.error);
  const { value: said, ...name } = parsed.data;
  measures.setMetric(name, said);
  return { ok: true, body: parsed.data };
}
