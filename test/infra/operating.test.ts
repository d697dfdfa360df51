import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readTemplateYaml } from '../../lib/iam/template-yaml.ts';
import { figuresJournal } from '../../lib/telemetry/figures.ts';
import type { Meter } from '../../lib/telemetry/meter.ts';
import { anOutcome, aStoredDecision } from '../builders/records.ts';

const root = resolve(import.meta.dirname, '../..');
const text = (path: string) => readFileSync(resolve(root, path), 'utf8');

// biome-ignore lint/suspicious/noExplicitAny: what CloudFormation allows has no type, and tests compare whole values
type Properties = any;
interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties: Properties;
}
const read = (path: string) =>
  readTemplateYaml(text(path)) as { readonly Resources: Readonly<Record<string, Resource>>; readonly [key: string]: Properties };

const functions = ['ingest', 'collect', 'tick', 'scale', 'discover', 'admin'];
const alarms = Object.entries(read('infra/alarms.yml').Resources);

/** Namespace, name and dimensions of each metric that an alarm looks at. */
const metricsOf = ({ Properties: p }: Resource): { namespace: string; name: string; dimensions: string[] }[] =>
  (p.Metrics ?? [{ MetricStat: { Metric: p } }]).flatMap((m: Properties) =>
    m.MetricStat
      ? [
          {
            namespace: m.MetricStat.Metric.Namespace,
            name: m.MetricStat.Metric.MetricName,
            dimensions: m.MetricStat.Metric.Dimensions.map((d: Properties) => d.Name),
          },
        ]
      : [],
  );

/** The figures that are really written, with their dimensions. */
const figures = (() => {
  const seen = new Map<string, string[]>([
    ['FailedRequests', ['Function']],
    ['NoticesLost', []],
  ]);
  const meter: Meter = {
    count: (name, _by, dimensions = {}) => void seen.set(name, Object.keys(dimensions)),
    time: (name) => void seen.set(name, []),
    lines: () => [],
  };
  const about = { customer: 'acme', service: 'web' };
  const journal = figuresJournal(meter);
  journal.decision(about, aStoredDecision());
  journal.outcome(about, { ...anOutcome(), outcome: 'applied' }, { decision: aStoredDecision(), reportedAt: 0 });
  journal.problem(about, { code: 'TrustTooOpen', why: '.', at: 0 });
  journal.received?.(about, { accepted: 1, dropped: { TooOld: 2 } });
  journal.evaluated?.();
  return seen;
})();

describe('alarms', () => {
  test.each(alarms)('%s speaks through the topic when it begins and when it is over, and says what is wrong', (_, { Type, Properties }) => {
    expect(Type).toBe('AWS::CloudWatch::Alarm');
    expect(Properties).toMatchObject({ AlarmActions: [{ Ref: 'Notices' }], OKActions: [{ Ref: 'Notices' }] });
    expect(Properties.AlarmDescription).toMatch(/^[A-Z].{20,}\.$/);
    expect(Properties.TreatMissingData).toMatch(/^(notBreaching|breaching)$/);
    expect(Properties.DatapointsToAlarm).toBeLessThanOrEqual(Properties.EvaluationPeriods);
  });

  test.each(functions)('errors of %s are watched', (name) => {
    const watched = alarms.flatMap(([, { Properties: p }]) =>
      (p.Metrics ?? [{ MetricStat: { Metric: p } }]).map((m: Properties) => m.MetricStat?.Metric),
    );
    const errors = watched.filter((metric) => metric?.MetricName === 'Errors');
    expect(errors.map((metric) => metric.Dimensions[0].Value['Fn::Sub'])).toContain(`sluice-\${Stage}-${name}`);
  });

  test('those of our own look at figures that are written, under their very dimensions', () => {
    const own = alarms.flatMap(([, alarm]) => metricsOf(alarm)).filter(({ namespace }) => namespace === 'Sluice');
    expect(own.length).toBeGreaterThanOrEqual(5);
    for (const { name, dimensions } of own)
      expect({ name, dimensions }).toEqual({ name, dimensions: ['Stage', ...(figures.get(name) ?? ['not written'])] });
  });

  test('age of the stream, dead letters, throttles, broken trust, a silent tick and missing decisions have one each', () => {
    expect(alarms.map(([id]) => id)).toEqual(
      expect.arrayContaining([
        'ScaleLateAlarm',
        'DeadLettersAlarm',
        'ThrottlesAlarm',
        'TableThrottlesAlarm',
        'TrustBrokenAlarm',
        'TickSilentAlarm',
        'NoDecisionsAlarm',
      ]),
    );
  });

  test('nothing that is missing passes for well where silence is the trouble', () => {
    expect(Object.fromEntries(alarms)['TickSilentAlarm']?.Properties.TreatMissingData).toBe('breaching');
  });
});

describe('the dashboard', () => {
  const body: string = read('infra/dashboard.yml').Resources['Dashboard']?.Properties.DashboardBody['Fn::Sub'];
  const page: { widgets: { type: string; x: number; y: number; width: number; height: number; properties: Properties }[] } = JSON.parse(
    body.replaceAll('${Stage}', 'dev').replaceAll('${AWS::Region}', 'us-east-1'),
  );

  test('is JSON once stage and Region are filled in, and nothing else has to be', () => {
    expect(page.widgets.length).toBeGreaterThan(10);
    expect(body.replaceAll('${Stage}', '').replaceAll('${AWS::Region}', '')).not.toContain('${');
  });

  test('shows figures that are written, and no others', () => {
    const named = [...JSON.stringify(page).matchAll(/"Sluice","(\w+)"|MetricName=\\+"(\w+)/g)].map(([, one, other]) => one ?? other ?? '');
    expect(named).toEqual(expect.arrayContaining(['Reports', 'Decisions', 'Outcomes', 'ReportToUpdate', 'DroppedSamples', 'Problems']));
    expect(named.filter((name) => !figures.has(name))).toEqual([]);
  });

  test('has every function on it', () => {
    for (const name of functions) expect(JSON.stringify(page)).toContain(`sluice-dev-${name}`);
  });

  test('its widgets fit the grid and do not lie upon each other', () => {
    const cells = new Set<string>();
    for (const { x, y, width, height } of page.widgets) {
      expect(x + width).toBeLessThanOrEqual(24);
      for (let cx = x; cx < x + width; cx++)
        for (let cy = y; cy < y + height; cy++) {
          expect(cells.has(`${cx},${cy}`)).toBe(false);
          cells.add(`${cx},${cy}`);
        }
    }
  });
});

describe('what passes notices on', () => {
  const { Resources } = read('infra/notifications.yml');

  test('rules hear of this stage alone, and of severities as the parameter says', () => {
    for (const id of ['NoticesToTopic', 'NoticesToWebhook']) {
      expect(Resources[id]?.Properties.EventPattern).toEqual({
        source: ['sluice'],
        detail: {
          stage: [{ Ref: 'Stage' }],
          severity: {
            'Fn::If': [
              'NotifiesInfo',
              ['info', 'warning', 'critical'],
              { 'Fn::If': ['NotifiesCriticalOnly', ['critical'], ['warning', 'critical']] },
            ],
          },
        },
      });
    }
  });

  test('a webhook is made only where one is given, and is told {"text": …}', () => {
    expect(Object.entries(Resources).flatMap(([id, { Condition }]) => (Condition === 'HasWebhook' ? [id] : []))).toEqual([
      'NoticesToWebhook',
      'Webhook',
      'WebhookConnection',
      'WebhookRole',
    ]);
    expect(Resources['NoticesToWebhook']?.Properties.Targets[0].InputTransformer).toEqual({
      InputPathsMap: { text: '$.detail.text' },
      InputTemplate: '{"text": <text>}',
    });
  });
});

describe('the role of CI', () => {
  const { Resources } = read('infra/ci-role.yml');

  test('can be taken up by jobs of one environment of one repository alone', () => {
    const [statement, ...others] = Resources['DeployRole']?.Properties.AssumeRolePolicyDocument.Statement ?? [];
    expect(others).toEqual([]);
    expect(statement.Action).toBe('sts:AssumeRoleWithWebIdentity');
    expect(statement.Condition).toEqual({
      StringEquals: {
        'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
        'token.actions.githubusercontent.com:sub': { 'Fn::Sub': 'repo:${Repository}:environment:${Environment}' },
      },
    });
  });

  test('hands the work to a role that CloudFormation alone can take up', () => {
    expect(Resources['StackRole']?.Properties.AssumeRolePolicyDocument.Statement).toMatchObject([
      {
        Principal: { Service: 'cloudformation.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
  });

  test('neither of them lies under the path that customers trust, nor can make roles elsewhere', () => {
    expect([Resources['DeployRole']?.Properties.Path, Resources['StackRole']?.Properties.Path]).toEqual(['/', '/']);
    const [policy] = Resources['StackRole']?.Properties.Policies ?? [];
    const roles = policy.PolicyDocument.Statement.find((s: Properties) => s.Sid === 'Roles').Resource.map((r: Properties) => r['Fn::Sub']);
    expect(roles).toEqual([
      'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/sluice/${Stage}/*',
      'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/sluice-${Stage}-WebhookRole-*',
    ]);
  });

  test('the sample workflow keeps no key, and takes the token only where it deploys', () => {
    const workflow = text('infra/github-workflow.yml');
    expect(workflow).not.toMatch(/AWS_ACCESS_KEY_ID|AWS_SECRET_ACCESS_KEY/);
    const { permissions, jobs } = readTemplateYaml(workflow) as Properties;
    expect(permissions).toEqual({ contents: 'read' });
    expect(jobs.test.permissions).toBeUndefined();
    expect(jobs.deploy.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    // What a pull request or a secret says must not become part of a script.
    expect(workflow.match(/run: [^\n]*\$\{\{/)).toBeNull();
  });
});

describe('the container image', () => {
  const dockerfile = text('infra/Dockerfile');
  const instructions = dockerfile.split('\n').filter((line) => /^[A-Z]+ /.test(line));

  test('copies what exists, and lets in nothing else', () => {
    const copied = instructions
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
      .flatMap((line) => line.split(' ').slice(1, -1));
    const letIn = text('infra/Dockerfile.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    expect([...new Set(copied)].sort()).toEqual([...letIn].sort());
    expect(copied.filter((path) => !existsSync(resolve(root, path)))).toEqual([]);
  });

  test('runs as nobody special', () => {
    // By number, or Kubernetes could not tell that it is not root.
    expect(instructions).toContain('USER 1000:1000');
    expect(instructions.at(-1)).toBe('CMD ["serve"]');
  });
});
