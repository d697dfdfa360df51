import { TemplateError } from './template-yaml.ts';

/** A parameter's value: text, or a list for the list types. */
export type ParameterValue = string | readonly string[];

type Fields = Readonly<Record<string, unknown>>;

/**
 * Gives every parameter of a template its value, from what is given or from its default, and holds it
 * against the template's own rules, as CloudFormation does before it makes anything. All problems at once.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 */
export function bindParameters(
  declared: Readonly<Record<string, Fields>>,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, ParameterValue>> {
  const problems = Object.keys(given)
    .filter((name) => !Object.hasOwn(declared, name))
    .map((name) => `there is no parameter ${name}; there are ${Object.keys(declared).join(', ') || 'none'}`);
  const values: Record<string, ParameterValue> = {};
  for (const [name, rules] of Object.entries(declared)) {
    const text = given[name] ?? (rules.Default === undefined ? undefined : String(rules.Default));
    if (text === undefined) {
      problems.push(`parameter ${name} has no default and no value was given`);
      continue;
    }
    const type = String(rules.Type);
    const isList = type === 'CommaDelimitedList' || type.startsWith('List<');
    const parts = isList ? (text === '' ? [] : text.split(',').map((part) => part.trim())) : [text];
    for (const part of parts) {
      const broken = brokenRule(part, type, rules);
      if (broken !== undefined) problems.push(`parameter ${name}: ${JSON.stringify(part)} ${broken}`);
    }
    values[name] = isList ? parts : text;
  }
  if (problems.length > 0) throw new TemplateError(problems.join('; '));
  return values;
}

function brokenRule(part: string, type: string, rules: Fields): string | undefined {
  const { AllowedValues: allowed, AllowedPattern: pattern, MinLength, MaxLength, MinValue, MaxValue, ConstraintDescription } = rules;
  if (/^(Number|List<Number>)$/.test(type) && (part === '' || Number.isNaN(Number(part)))) return 'must be a number';
  if (Array.isArray(allowed) && !allowed.map(String).includes(part)) return `must be one of ${allowed.join(', ')}`;
  if (typeof pattern === 'string' && !new RegExp(`^(?:${pattern})$`).test(part)) {
    return typeof ConstraintDescription === 'string' ? ConstraintDescription : `must match ${pattern}`;
  }
  if (MinLength !== undefined && part.length < Number(MinLength)) return `must have at least ${MinLength} characters`;
  if (MaxLength !== undefined && part.length > Number(MaxLength)) return `must have at most ${MaxLength} characters`;
  if (MinValue !== undefined && Number(part) < Number(MinValue)) return `must be at least ${MinValue}`;
  if (MaxValue !== undefined && Number(part) > Number(MaxValue)) return `must be at most ${MaxValue}`;
  return undefined;
}
