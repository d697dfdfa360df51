import type { SdkCall } from '../gate.ts';
import { customerOf, type Environment } from '../platform.ts';
import type { Scene } from './scene.ts';

/** Longer than retries of a read go on. */
const TRAILING_MS = 30_000;

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
  const own = customerOf(environment.invocation);
  const writes = /Put|Write|Update|Delete/.test(call.command);
  const customers = scene.scenario.customers.map(({ name }) => name);
  for (const pk of partitionsOf(call)) {
    if (pk.startsWith('~')) continue;
    const owner = pk.slice(0, Math.max(0, pk.indexOf('#')));
    if (!customers.includes(owner))
      scene.fail('6 nobody else’s', `${environment.id} ${call.command}: the key ${pk} begins with no customer`);
    else if (own !== undefined && owner !== own) {
      // Calm reports wait in the function for company: whose they are is checked where they are stored.
      if (writes && pk.startsWith(`${owner}#r#`)) continue;
      // What failed may have looked at several things at once, and its last looks come after its answer; never its writes.
      if (!writes && scene.scheduler.now - (environment.brokeOff.get(owner) ?? Number.NEGATIVE_INFINITY) < TRAILING_MS) continue;
      scene.fail('6 nobody else’s', `${environment.id} ${call.command} in the name of ${own}: ${pk}`);
    }
  }
}
