import type { TableChange } from '../../../lib/stores/memory-table.ts';
import type { CloudService } from '../customer-cloud.ts';
import type { Session } from '../session.ts';
import { heldBetween, type KnownDecision } from '../truth.ts';
import { invocationOf, MOST_SKEW_MS, type Scene } from './scene.ts';

const LIFETIME_MS = 60_000;

/** Invariant 3 at the table: each version of a control item follows the one before, and an outcome is that of the decision acted upon. */
export function checkControlWrite(scene: Scene, { old, new: item }: TableChange) {
  if (item === undefined || !/#g#/.test(item.pk) || !item.sk.startsWith('control#')) return;
  const fail = (why: string) => scene.fail('3 one decision wins', `${item.pk} ${item.sk}: ${why}`);
  const before = old === undefined ? 0 : Number(old['version']);
  if (Number(item['version']) !== before + 1) return fail(`version ${String(item['version'])} was written over version ${before}`);
  const outcome = (value: TableChange['new']) => (value?.['lo'] as { readonly d?: string } | undefined)?.d;
  const settled = outcome(item);
  if (settled !== undefined && settled !== outcome(old) && old?.['act'] !== settled)
    fail(`the outcome of ${settled} was stored while ${String(old?.['act'])} was being acted upon`);
}

/** Invariant 3 at ECS: what is sent is the decision that stands, in its lifetime, from the count that it was made for. */
export function checkStanding(scene: Scene, by: string, session: Session, count: number, service: CloudService, known: KnownDecision) {
  const { truth, scheduler } = scene;
  const { decision } = known;
  const fail = (why: string) => scene.fail('3 one decision wins', `${session.name} of ${known.customer}/${known.service}: ${why}`);
  const invocation = invocationOf(scene, by);
  const readAt = invocation?.reads.get(`${known.customer}#g#${known.group} control#${known.service}`);
  if (readAt === undefined) return fail('sent without having looked whether the decision still stands');
  const held = heldBetween(truth.controls.get(`${known.customer}/${known.service}`), readAt, scheduler.now);
  if (!held.some((control) => control?.act === decision.id)) return fail('sent although another decision had taken its place');
  if (decision.kind !== 'scale' || count !== decision.to) return fail(`sent ${count}; it was decided to hold or to have ${decision.to}`);
  if (readAt - decision.at > LIFETIME_MS + 2 * MOST_SKEW_MS)
    fail(`acted upon ${Math.round((readAt - decision.at) / 1_000)} s after it was made`);
  const seen = invocation?.described.get(service.arn);
  if (seen !== undefined && seen.desired !== decision.from) fail(`sent from ${seen.desired}; it was decided from ${decision.from}`);
}
