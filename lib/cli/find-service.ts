import { readAnswer, servicesAnswer } from './admin-answers.ts';
import type { AdminClient } from './admin-client.ts';
import { UserMistake } from './user-mistake.ts';

export interface FoundService {
  readonly customer: string;
  readonly service: string;
}

/** A service by its name, or by `customer/name` where several customers use the name. */
export async function findService(client: AdminClient, text: string, customer?: string): Promise<FoundService> {
  const slash = text.indexOf('/');
  const wanted = slash < 0 ? { customer, name: text } : { customer: text.slice(0, slash), name: text.slice(slash + 1) };
  if (customer !== undefined && wanted.customer !== customer)
    throw new UserMistake([`${text} is of customer ${wanted.customer}, and --customer says ${customer}: give one of the two.`]);
  const { services } = readAnswer(servicesAnswer, await client.get('/v1/services', { customer: wanted.customer }));
  const found = services.filter((service) => service.name === wanted.name);
  const [only] = found;
  if (only !== undefined && found.length === 1) return { customer: only.customer, service: only.name };
  if (found.length > 1)
    throw new UserMistake([
      `Several customers have a service ${wanted.name}: say which, ${found.map((s) => `${s.customer}/${s.name}`).join(' or ')}.`,
    ]);
  const known = services.map((s) => s.name).join(', ');
  throw new UserMistake([`There is no service ${text}.${known ? ` There are: ${known}.` : ' None is under care yet.'}`]);
}
