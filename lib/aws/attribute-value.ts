export { fromAttributeValues } from '../stores/attribute-value.ts';
