/**
 * What a statement of a customer's policy says, in words that every form can be written from. In texts `${Partition}` and the
 * other names of `Placeholder` stand for what differs from customer to customer.
 */
export type Placeholder =
  | 'Partition' // aws, aws-cn, aws-us-gov
  | 'AccountId' // the customer's
  | 'OperatorAccountId'
  | 'OperatorStage'
  | 'ExternalId'
  | 'ClusterRegion'
  | 'ClusterName';

/** Lists that the customer gives. */
export type ListPlaceholder = 'Services' | 'Queues';

/** What does not work without a statement: scaling itself, finding what could be scaled, or reading queues from AWS. */
export type Feature = 'scaling' | 'discovery' | 'queues';

/** One policy that a customer can install; the name is that of its file. */
export type PolicyName =
  | 'read'
  | 'write' // services one by one
  | 'write-cluster' // every service of one cluster
  | 'write-tagged' // every service with a tag
  | 'queues';

export type Conditions = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface Statement {
  readonly sid: string;
  readonly policy: PolicyName;
  readonly feature: Feature;
  readonly actions: readonly string[];
  readonly resources: readonly string[] | { readonly each: ListPlaceholder };
  readonly conditions?: Conditions;
  /** What Sluice does with it; and where the resource is a star, why. */
  readonly why: string;
  /** What breaks when it is taken away. */
  readonly without: string;
}
