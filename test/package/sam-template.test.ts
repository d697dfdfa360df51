import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { circlesOf } from './circles-of.ts';
import { deployed, readTemplate } from './deployed.ts';
import { type PackagedService, packageService, type Template } from './package-service.ts';
import { samTemplateText } from './sam-template.ts';

const root = resolve(import.meta.dirname, '../..');
let packaged: PackagedService;
let text = '';
beforeAll(async () => {
  packaged = await packageService();
  text = await readFile(resolve(root, 'infra/template.yaml'), 'utf8');
}, 60_000);

describe('infra/template.yaml, for sam deploy', () => {
  test('is what serverless.yml packages; if this fails, run "npm run generate:sam" and look at the difference', () => {
    expect(text).toBe(samTemplateText(packaged.template, 'dev'));
  });

  test.each(['functions', 'triggers', 'permissions', 'roles', 'others'] as const)('deploys the same %s as serverless.yml', (kind) => {
    const of = deployed(readTemplate(text), 'dev')[kind];
    expect(of.length).toBeGreaterThan(5);
    expect(of).toEqual(deployed(packaged.template, 'dev')[kind]);
  });

  test('tells admin the same beginning of report URLs, and brings no circle', () => {
    const told = (template: { readonly Resources: Template['Resources'] }) =>
      template.Resources['AdminLambdaFunction']?.Properties.Environment.Variables.SLUICE_REPORTS_URL;
    expect(told(readTemplate(text))).toEqual(told(packaged.template));
    expect(told(readTemplate(text))).toBeDefined();
    expect(circlesOf(readTemplate(text))).toEqual([]);
  });

  test.each<[demanded: string, alarms: readonly string[]]>([
    ['errors of each function', ['Ingest', 'Tick', 'Scale', 'Collect', 'Discover', 'Admin'].map((name) => `${name}ErrorsAlarm`)],
    ['age of the stream', ['ScaleLateAlarm']],
    ['dead letters', ['DeadLettersAlarm']],
    ['no decisions although reports arrive', ['NoDecisionsAlarm']],
    ['throttles', ['ThrottlesAlarm', 'TableThrottlesAlarm']],
    ['trust broken', ['TrustBrokenAlarm']],
    ['silence of tick', ['TickSilentAlarm']],
  ])('wakes somebody for %s, as serverless.yml does, and the runbook says what to do', async (_, alarms) => {
    const runbook = await readFile(resolve(root, 'docs/operations.md'), 'utf8');
    for (const alarm of alarms) {
      for (const { Resources } of [readTemplate(text), packaged.template]) {
        expect(Resources[alarm]?.Type, alarm).toBe('AWS::CloudWatch::Alarm');
        expect(Resources[alarm]?.Properties.AlarmActions, alarm).toEqual([{ Ref: 'Notices' }]);
        expect(Resources['Notices']?.Type).toBe('AWS::SNS::Topic');
      }
      expect(runbook, alarm).toMatch(new RegExp(`^### ${alarm}$`, 'm'));
    }
  });

  test('has the heartbeat of an outside monitor and the dashboard, as serverless.yml does', () => {
    for (const { Resources } of [readTemplate(text), packaged.template]) {
      expect(Resources['TickLambdaFunction']?.Properties.Environment.Variables.SLUICE_HEARTBEAT_URL).toEqual({ Ref: 'HeartbeatUrl' });
      expect(Resources['Dashboard']?.Type).toBe('AWS::CloudWatch::Dashboard');
    }
  });

  test('asks for the same parameters, with the same defaults', () => {
    expect(readTemplate(text).Parameters).toEqual(packaged.template.Parameters);
  });

  test('names the stage by its parameter alone, so that two stages stand side by side', () => {
    const { Parameters: _, ...rest } = readTemplate(text);
    expect(JSON.stringify(rest)).not.toMatch(/"dev"|sluice-dev/);
  });

  test('finds the code of each function where build.js puts it', () => {
    const functions = Object.values(readTemplate(text).Resources).filter(({ Type }) => Type === 'AWS::Serverless::Function');
    const uris = functions.map(({ Properties }) => [Properties.CodeUri, Properties.Handler]);
    expect(uris.sort()).toEqual(
      ['admin', 'collect', 'discover', 'ingest', 'scale', 'tick'].map((name) => [`../dist/functions/${name}/`, 'index.handler']),
    );
  });

  test('samconfig.toml names it, so that sam deploy needs no options', async () => {
    expect(await readFile(resolve(root, 'samconfig.toml'), 'utf8')).toMatch(
      /\[default\.deploy\.parameters\]\ntemplate_file = "infra\/template\.yaml"/,
    );
  });

  test('every parameter is handed over by serverless.yml as well', async () => {
    const serverless = await readFile(resolve(root, 'serverless.yml'), 'utf8');
    const handed = [...serverless.matchAll(/ParameterKey: (\w+)/g)].map(([, name]) => name);
    expect(handed.sort()).toEqual(Object.keys(packaged.template.Parameters).sort());
  });
});
