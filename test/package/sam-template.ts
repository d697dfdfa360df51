import { stringify } from 'yaml';
import type { Resource, Template } from './package-service.ts';

/** What only the Serverless Framework needs: its bucket for archives. SAM and the AWS CLI bring their own. */
const OF_SERVERLESS = /^ServerlessDeploymentBucket/;

const HEADER = `# Made from what serverless.yml packages, by "npm run generate:sam"; a test holds the two together. Change serverless.yml or
# infra/*.yml, where the comments are too. docs/deploy.md says how to deploy it.
`;

/**
 * The SAM template of the same service: functions become AWS::Serverless::Function, so that `sam deploy` and `aws
 * cloudformation package` upload their code; everything else is plain CloudFormation, word for word. The stage that it was
 * packaged for becomes the parameter Stage again.
 */
export function samTemplate({ Parameters, Resources, Conditions, Outputs }: Template, stage: string): object {
  const ours = (section: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(section).filter(([id]) => !OF_SERVERLESS.test(id)));
  const resources = Object.entries(Resources)
    .filter(([id]) => !OF_SERVERLESS.test(id))
    .map(([id, resource]) => [id, resource.Type === 'AWS::Lambda::Function' ? samFunction(resource) : resource]);
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Transform: 'AWS::Serverless-2016-10-31',
    Description: 'Sluice scales Amazon ECS services from the queues in front of them.',
    Parameters,
    Conditions,
    Resources: Object.fromEntries(resources),
    // Names of exports are the Serverless Framework's; nothing here imports them.
    Outputs: Object.fromEntries(Object.entries(ours(Outputs)).map(([id, output]) => [id, { ...Object(output), Export: undefined }])),
  };
  return forAnyStage(template, stage);
}

/** The text of it. As YAML 1.1, since the AWS CLI would read an unquoted "2012-10-17" as a date. */
export const samTemplateText = (template: Template, stage: string): string =>
  HEADER + stringify(samTemplate(template, stage), { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });

/** The properties have the same names, but for code, handler and tags. */
function samFunction({ Properties, DependsOn }: Resource): object {
  const { Code: _, Handler, Tags, ...same } = Properties;
  const [, folder, handler] = /^(dist\/functions\/[a-z-]+)\/(index\.handler)$/.exec(Handler) ?? [];
  if (folder === undefined) throw new Error(`the handler ${Handler} is not where build.js puts functions`);
  return {
    Type: 'AWS::Serverless::Function',
    // The role is referred to, which is dependence enough.
    DependsOn: [DependsOn ?? []].flat().filter((id) => !id.endsWith('Role')),
    Properties: {
      // The template is in infra/.
      CodeUri: `../${folder}/`,
      Handler: handler,
      ...same,
      Tags: Object.fromEntries((Tags ?? []).map((tag: { Key: string; Value: unknown }) => [tag.Key, tag.Value])),
    },
  };
}

/** Names that hold the stage name the parameter instead. */
function forAnyStage(value: unknown, stage: string): object {
  const replace = (one: unknown, within: string): unknown => {
    if (Array.isArray(one)) return one.map((each) => replace(each, within));
    if (typeof one === 'object' && one !== null)
      return Object.fromEntries(
        Object.entries(one).flatMap(([key, each]) =>
          each === undefined ? [] : [[key, within === 'Parameters' ? each : replace(each, key)]],
        ),
      );
    if (one === stage && (within === 'SLUICE_STAGE' || within === 'sluice:stage')) return { Ref: 'Stage' };
    if (typeof one === 'string' && one.includes(`sluice-${stage}`))
      return { 'Fn::Sub': one.replaceAll(`sluice-${stage}`, 'sluice-${Stage}') };
    return one;
  };
  return Object(replace(value, ''));
}
