import { createHash } from 'node:crypto';
import type { SdkCall } from './gate.ts';
import type { Scheduler } from './scheduler.ts';
import type { CallFate } from './weather.ts';

/** The course of events, as a hash that tells two courses apart, and in words where somebody wants to read it. */
export class TraceHash {
  readonly #scheduler: Scheduler;
  readonly #told: ((line: string) => void) | undefined;
  readonly #hash = createHash('sha256');
  /** Lines that are not hashed yet: one at a time would cost more than what they tell of. */
  #lines = '';

  constructor(scheduler: Scheduler, told: ((line: string) => void) | undefined) {
    this.#scheduler = scheduler;
    this.#told = told;
  }

  note(text: () => string): void {
    this.#told?.(`${this.#when()}  ${text()}`);
  }

  /** A call at the moment at which it takes effect. */
  call(environment: string, call: SdkCall, fate: CallFate): void {
    const what = whatOf(call);
    this.#lines += `${this.#scheduler.now} ${environment} ${call.command} ${what} ${fate.back}\n`;
    if (this.#lines.length > 16_384) this.#flush();
    if (this.#told === undefined) return;
    const told = [
      fate.error && `${fate.error.name}${fate.after ? ' after its effect' : ''}`,
      fate.crash && `crash ${fate.crash}`,
      fate.lagMs && `as of ${Math.round(fate.lagMs)} ms ago`,
      fate.partial && 'in part',
      fate.repeated && 'twice',
      fate.expires && 'session ends',
      fate.incomplete && 'incomplete',
    ].filter(Boolean);
    this.#told(`${this.#when()}  ${environment} ${call.service}:${call.command} ${what}${told.length > 0 ? `  [${told.join(', ')}]` : ''}`);
  }

  digest(): string {
    this.#flush();
    return this.#hash.copy().digest('hex').slice(0, 16);
  }

  #flush(): void {
    this.#hash.update(this.#lines);
    this.#lines = '';
  }

  #when(): string {
    return `${String(this.#scheduler.steps).padStart(7)} ${new Date(this.#scheduler.now).toISOString()}`;
  }
}

function whatOf({ service, input }: SdkCall): string {
  if (service !== 'dynamodb') return String(input['service'] ?? input['RoleSessionName'] ?? input['QueueUrl'] ?? input['cluster'] ?? '');
  const holder = (input['Key'] ?? input['Item']) as Readonly<Record<string, { S?: string }>> | undefined;
  if (holder) return `${holder['pk']?.S} ${holder['sk']?.S}`;
  const values = input['ExpressionAttributeValues'] as Readonly<Record<string, { S?: string }>> | undefined;
  return values?.[':0']?.S ?? '';
}
