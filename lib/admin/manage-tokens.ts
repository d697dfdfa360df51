import type { ConfigStore, TokenStore } from '../stores/ports.ts';
import { TOKEN_TRUST_MS, type TokenAuthority } from '../tokens/token-authority.ts';
import { BadRequest } from './bad-request.ts';
import { NothingDone, type RecordDeps, recorded } from './record-change.ts';
import { reportUrl } from './report-url.ts';

export interface TokenDeps extends RecordDeps {
  readonly configs: Pick<ConfigStore, 'find'>;
  readonly tokenStore: Pick<TokenStore, 'ofService' | 'remove'>;
  readonly tokens: Pick<TokenAuthority, 'issue'>;
  /** What report URLs begin with, where that is known here. */
  readonly reportsUrl?: string;
}

/** One in use, and one that takes its place. */
const MOST_LIVE = 2;

interface Named {
  readonly customer: string;
  readonly service: string;
}
export interface ListedToken {
  readonly keyId: string;
  readonly createdAt: number;
}

/** Live tokens of a service, oldest first; their secrets are known to nobody. */
export async function listTokens(deps: Pick<TokenDeps, 'configs' | 'tokenStore'>, named: Named): Promise<{ tokens: ListedToken[] }> {
  await groupOf(deps, named);
  return { tokens: await live(deps, named) };
}

/** Makes a token, told this once. Two may be live, so that one is replaced without losing a report. */
export async function createToken(
  deps: TokenDeps,
  named: Named,
): Promise<{ token: string; reportUrl?: string; keyId: string; live: ListedToken[] }> {
  const group = await groupOf(deps, named);
  const before = await live(deps, named);
  if (before.length >= MOST_LIVE) {
    throw new BadRequest([
      `service: ${named.service} has ${before.length} live tokens (${before.map(({ keyId }) => keyId).join(', ')}): revoke the one that is no longer in use first`,
    ]);
  }
  const draft = { ...named, what: 'token', summary: `Made a report token of ${named.service}.`, before: keysOf(before), after: null };
  const made = async () => (await live(deps, named)).filter(({ keyId }) => !before.some((old) => old.keyId === keyId));
  return recorded(deps, [draft], async () => {
    try {
      const token = await deps.tokens.issue({ ...named, group });
      const [mine] = await made();
      return { token, ...reportUrl(deps, token), keyId: mine?.keyId ?? '', live: mine ? [...before, mine] : before };
    } catch (error) {
      // One that nobody was told would stand in the way of the next.
      for (const { keyId } of await made()) await deps.tokenStore.remove(named.customer, named.service, keyId);
      throw new NothingDone(String(error), { cause: error });
    }
  });
}

/**
 * Revokes one token, or all but the newest. A function that saw it just before trusts it for two minutes more: `endsWithinMs`.
 */
export async function revokeTokens(
  deps: TokenDeps,
  request: Named & { readonly keyId?: string | undefined; readonly allButNewest?: boolean | undefined },
): Promise<{ revoked: string[]; live: ListedToken[]; endsWithinMs: number }> {
  const { customer, service, keyId, allButNewest } = request;
  await groupOf(deps, request);
  const before = await live(deps, request);
  if ((keyId === undefined) === (allButNewest !== true)) throw new BadRequest(['keyId: give a key id, or allButNewest, one of them']);
  const gone = allButNewest === true ? before.slice(0, -1) : before.filter((token) => token.keyId === keyId);
  if (keyId !== undefined && gone.length === 0) {
    const known = before.map((token) => token.keyId).join(', ');
    throw new BadRequest([`keyId: ${service} has no live token ${keyId}${known === '' ? '' : `; there are: ${known}`}`]);
  }
  const left = before.filter((token) => !gone.includes(token));
  if (gone.length === 0) return { revoked: [], live: left, endsWithinMs: TOKEN_TRUST_MS };
  const revoked = gone.map((token) => token.keyId);
  const summary = `Revoked report token ${revoked.join(', ')} of ${service}.`;
  return recorded(deps, [{ customer, service, what: 'token', summary, before: keysOf(before), after: keysOf(left) }], async () => {
    for (const key of revoked) await deps.tokenStore.remove(customer, service, key);
    return { revoked, live: left, endsWithinMs: TOKEN_TRUST_MS };
  });
}

const keysOf = (tokens: readonly ListedToken[]) => tokens.map(({ keyId }) => keyId);

async function live({ tokenStore }: Pick<TokenDeps, 'tokenStore'>, { customer, service }: Named): Promise<ListedToken[]> {
  const tokens = await tokenStore.ofService(customer, service);
  return tokens.map(({ keyId, createdAt }) => ({ keyId, createdAt })).sort((a, b) => a.createdAt - b.createdAt);
}

async function groupOf({ configs }: Pick<TokenDeps, 'configs'>, { customer, service }: Named): Promise<string> {
  const config = await configs.find(customer, service);
  if (!config) throw new BadRequest([`service: customer ${customer} has no service ${service}`]);
  return config.group;
}
