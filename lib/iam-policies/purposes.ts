import { PURPOSE_NAMES, type Purpose, type PurposeName } from './purpose.ts';
import { DEPLOY_SERVICE } from './purposes/deploy-service.ts';
import { DEPLOY_SLUICE } from './purposes/deploy-sluice.ts';
import { IRSA } from './purposes/irsa.ts';
import { OBSERVE } from './purposes/observe.ts';
import { PUSH_IMAGE } from './purposes/push-image.ts';
import { QUEUES } from './purposes/queues.ts';
import { SCALE } from './purposes/scale.ts';
import { TERRAFORM_STATE } from './purposes/terraform-state.ts';
import { TERRAGRUNT } from './purposes/terragrunt.ts';

const BY_NAME: Readonly<Record<PurposeName, Purpose>> = {
  observe: OBSERVE,
  scale: SCALE,
  queues: QUEUES,
  irsa: IRSA,
  'deploy-sluice': DEPLOY_SLUICE,
  'push-image': PUSH_IMAGE,
  'deploy-service': DEPLOY_SERVICE,
  'terraform-state': TERRAFORM_STATE,
  terragrunt: TERRAGRUNT,
};

/** Every purpose, in the order in which they are told. */
export const PURPOSES: readonly Purpose[] = PURPOSE_NAMES.map((name) => BY_NAME[name]);

export const purposeOf = (name: string): Purpose | undefined => PURPOSES.find((purpose) => purpose.name === name);
