/** The module block that makes the role; `source` is where the module lies for whoever writes it down. */
export function terraformBlock(role: {
  readonly source: string;
  readonly operatorAccountId: string;
  readonly operatorStage: string;
  readonly externalId: string;
}): string {
  return `module "sluice" {
  source = ${JSON.stringify(role.source)}

  operator_account_id = "${role.operatorAccountId}"
  operator_stage      = "${role.operatorStage}"
  external_id         = "${role.externalId}"
}`;
}

/** The argument of the same block that lists what may be scaled. */
export function terraformScale(serviceArns: readonly string[]): string {
  return `scale = {\n  services = [\n${serviceArns.map((arn) => `    "${arn}",\n`).join('')}  ]\n}`;
}
