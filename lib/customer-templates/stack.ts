import { placesOf } from './partition.ts';

/** A stack as it is to be made at a customer's. */
export interface Stack {
  /** The template's file. */
  readonly template: 'read.yaml' | 'write.yaml';
  readonly stackName: string;
  readonly region: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * The link that opens CloudFormation's console with a new stack filled in; nothing is made before a person presses the button.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-create-stacks-quick-create-links.html
 * @param templates URL of the folder in S3 that holds the templates.
 */
export function quickCreateLink({ template, stackName, region, parameters }: Stack, templates: string): string {
  const query = [
    ['templateURL', `${templates}/${template}`],
    ['stackName', stackName],
    ...Object.entries(parameters).map(([name, value]) => [`param_${name}`, value] as const),
  ].map(([name, value]) => `${name}=${encodeURIComponent(value ?? '')}`);
  return `${placesOf(region).console(region)}/cloudformation/home?region=${region}#/stacks/create/review?${query.join('&')}`;
}

/** Makes the stack, or updates it. @param file path of the template. */
export function deployLine({ stackName, region, parameters }: Stack, file: string): string {
  const overrides = Object.entries(parameters).map(([name, value]) => shellQuoted(`${name}=${value}`));
  return `aws cloudformation deploy --region ${region} --stack-name ${stackName} --template-file ${shellQuoted(file)} --capabilities CAPABILITY_IAM --parameter-overrides ${overrides.join(' ')}`;
}

/** Updates a stack that is there: these parameters become new, `kept` stay, the template stays. */
export function updateLine({ stackName, region, parameters }: Stack, kept: readonly string[]): string {
  const list = [
    ...kept.map((name) => ({ ParameterKey: name, UsePreviousValue: true })),
    ...Object.entries(parameters).map(([name, value]) => ({ ParameterKey: name, ParameterValue: value })),
  ];
  return `aws cloudformation update-stack --region ${region} --stack-name ${stackName} --use-previous-template --capabilities CAPABILITY_IAM --parameters ${shellQuoted(JSON.stringify(list))}`;
}

export const deleteLine = (stackName: string, region: string): string =>
  `aws cloudformation delete-stack --region ${region} --stack-name ${stackName}`;

/** Safe in a shell: as it is where nothing in it means anything there, else in quotes. */
function shellQuoted(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
