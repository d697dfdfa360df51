import type { SdkCall } from '../gate.ts';
import type { Environment } from '../platform.ts';
import type { Scene } from './scene.ts';

type Wire = Readonly<Record<string, { readonly S?: string }>>;

/** Every partition that a call of the table is about. */
export function partitionsOf({ command, input }: SdkCall): string[] {
  if (command === 'BatchGetItem') {
    const tables = Object.values(input['RequestItems'] as Record<string, { Keys: Wire[] }>);
    return tables.flatMap(({ Keys }) => Keys.map((key) => key['pk']?.S ?? ''));
  }
  if (command === 'BatchWriteItem') {
    type Write = { readonly PutRequest?: { readonly Item: Wire }; readonly DeleteRequest?: { readonly Key: Wire } };
    const writes = Object.values(input['RequestItems'] as Record<string, Write[]>).flat();
    return writes.map((write) => (write.PutRequest?.Item ?? write.DeleteRequest?.Key)?.['pk']?.S ?? '');
  }
  if (command === 'Query') {
    if (input['IndexName'] !== undefined) return [];
    return [(input['ExpressionAttributeValues'] as Wire)[':0']?.S ?? ''];
  }
  return [((input['Key'] ?? input['Item']) as Wire)['pk']?.S ?? ''];
}

/** Invariant 6: every key begins with a customer that there is, and in the name of one customer only that one's are touched. */
export function checkTenant(scene: Scene, environment: Environment, call: SdkCall): void {
  const about = environment.invocation?.about;
  const own = typeof about === 'object' && about !== null && 'customer' in about ? String(about.customer) : undefined;
  const customers = scene.scenario.customers.map(({ name }) => name);
  for (const pk of partitionsOf(call)) {
    if (pk.startsWith('~')) continue;
    const owner = pk.slice(0, Math.max(0, pk.indexOf('#')));
    if (!customers.includes(owner))
      scene.fail('6 nobody else’s', `${environment.id} ${call.command}: the key ${pk} begins with no customer`);
    // Calm reports wait in the function for company: whose they are is checked where they are stored.
    else if (own !== undefined && owner !== own && !pk.startsWith(`${owner}#r#`))
      scene.fail('6 nobody else’s', `${environment.id} ${call.command} in the name of ${own}: ${pk}`);
  }
}
