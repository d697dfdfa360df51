/** Who may use a customer's role, and how: the trust policy's one statement, in the words of `Placeholder`. */
export const TRUST = {
  sid: 'SluiceOnly',
  principal: 'arn:${Partition}:iam::${OperatorAccountId}:root',
  action: 'sts:AssumeRole',
  conditions: {
    StringEquals: { 'sts:ExternalId': '${ExternalId}' },
    ArnLike: { 'aws:PrincipalArn': 'arn:${Partition}:iam::${OperatorAccountId}:role/sluice/${OperatorStage}/*' },
  },
  why: {
    Principal: 'The account that Sluice runs in. By itself this would let every user and role in it in; the conditions narrow it.',
    ExternalId:
      "Sluice made it for this account and sends it each time. Whoever guesses or copies the role's ARN and brings another one, or none, is refused.",
    PrincipalArn:
      "Of the operator's account only roles under the path /sluice/<stage>/ may use this role: those of Sluice's own functions, not its people, builds or other programs.",
  },
} as const;

/** Every role that Sluice may assume lies under this path, at the customer's as at the operator's. */
export const ROLE_PATH = '/sluice/';
