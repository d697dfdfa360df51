import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { AttributeValue as EventValue } from 'aws-lambda';
import { AwsFailure } from '../aws/aws-failure.ts';
import { isList } from './item-size.ts';
import { storedValue, UnstorableValue } from './stored-value.ts';
import type { Item, Value } from './table.ts';

/** DynamoDB's wire form of a value, which is expected to have passed `storedValue`. */
export const toAttribute = (value: Value): AttributeValue => {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value === null) return { NULL: true };
  if (value instanceof Uint8Array) return { B: value };
  if (isList(value)) return { L: value.map(toAttribute) };
  return { M: toAttributeMap(value) };
};

const toAttributeMap = (map: { readonly [name: string]: Value }): Record<string, AttributeValue> =>
  Object.fromEntries(Object.entries(map).map(([name, value]) => [name, toAttribute(value)]));

/** An item or a set of expression values in wire form; `AwsFailure` "invalid" for what DynamoDB cannot hold. */
export const toAttributes = (action: string, item: { readonly [name: string]: Value }): Record<string, AttributeValue> => {
  try {
    return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, toAttribute(storedValue(value, name))]));
  } catch (error) {
    if (error instanceof UnstorableValue) throw new AwsFailure('invalid', action, error.message);
    throw error;
  }
};

/**
 * The item of a wire-form map, from an SDK answer or from the image in a stream event (where binary is base64). Throws
 * a `TypeError` that names the attribute for what is not wire form or has no key, and for sets, which Sluice never writes.
 */
export const fromAttributeValues = (map: unknown): Item => {
  const item = parseMap(map, 'item');
  const { pk, sk } = item;
  if (typeof pk !== 'string' || typeof sk !== 'string') throw new TypeError('item: pk and sk must be strings');
  return { ...item, pk, sk };
};

const parseMap = (map: unknown, where: string): { [name: string]: Value } => {
  if (!isRecord(map)) throw new TypeError(`${where}: expected a map of attribute values`);
  return Object.fromEntries(Object.entries(map).map(([name, attribute]) => [name, parseAttribute(attribute, `${where}.${name}`)]));
};

const parseAttribute = (attribute: unknown, where: string): Value => {
  if (!isRecord(attribute)) throw new TypeError(`${where}: expected an attribute value`);
  const { S, N, BOOL, NULL, B, L, M } = attribute;
  if (typeof S === 'string') return S;
  if (typeof N === 'string') return parseNumber(N, where);
  if (typeof BOOL === 'boolean') return BOOL;
  if (NULL === true) return null;
  if (B instanceof Uint8Array) return Uint8Array.from(B);
  if (typeof B === 'string') return Uint8Array.from(Buffer.from(B, 'base64'));
  if (Array.isArray(L)) return L.map((each, i) => parseAttribute(each, `${where}[${i}]`));
  if (M !== undefined) return parseMap(M, where);
  throw new TypeError(`${where}: an attribute value of a type that is never written (${Object.keys(attribute).join(', ') || 'empty'})`);
};

const parseNumber = (text: string, where: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new TypeError(`${where}: ${JSON.stringify(text)} is not a number`);
  return value;
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** An item in the wire form of stream events: plain JSON, binary as base64. */
export const toEventImage = (item: Item): Record<string, EventValue> => eventImage(toAttributeMap(item));

/** The same for what the SDK returned. */
export const eventImage = (map: Readonly<Record<string, AttributeValue>>): Record<string, EventValue> =>
  Object.fromEntries(Object.entries(map).map(([name, value]) => [name, eventValue(value)]));

const eventValue = (value: AttributeValue): EventValue => {
  if (value.S !== undefined) return { S: value.S };
  if (value.N !== undefined) return { N: value.N };
  if (value.BOOL !== undefined) return { BOOL: value.BOOL };
  if (value.NULL !== undefined) return { NULL: value.NULL };
  if (value.B !== undefined) return { B: Buffer.from(value.B).toString('base64') };
  if (value.L !== undefined) return { L: value.L.map(eventValue) };
  if (value.M !== undefined) return { M: eventImage(value.M) };
  throw new TypeError(`an attribute value of a type that is never written (${Object.keys(value).join(', ')})`);
};
