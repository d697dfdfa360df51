import { expect, test } from 'vitest';
import { circlesOf } from './circles-of.ts';

const resource = (Properties: unknown, DependsOn?: string) => ({
  Type: 'X',
  Properties,
  ...(DependsOn === undefined ? {} : { DependsOn }),
});

test('resources that need each other are found, by whatever they refer', () => {
  const circle = { A: resource({ x: { Ref: 'B' } }), B: resource([{ 'Fn::Sub': 'https://${C.Arn}/' }]), C: resource({}, 'D') };
  expect(circlesOf({ Resources: { ...circle, D: resource({ 'Fn::GetAtt': ['A', 'Arn'] }) } })).toEqual([['A', 'B', 'C', 'D', 'A']]);
  expect(circlesOf({ Resources: { ...circle, D: resource({ Ref: 'AWS::Region' }) } })).toEqual([]);
});
