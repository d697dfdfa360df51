import type { AdminClient } from './admin-client.ts';

/** Where nothing was found of a customer: the API says whether there is one of that name, and throws `UserMistake` where not. */
export async function demandCustomer(client: AdminClient, customer: string | undefined): Promise<void> {
  if (customer !== undefined) await client.get('/v1/services', { customer });
}
