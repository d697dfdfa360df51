import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sessionName } from '../../lib/aws/session-name.ts';
import { runCommandLine } from '../../lib/cli/program.ts';
import { decisionId } from '../../lib/evaluate/decision-id.ts';
import { ECS_ROLES } from '../../lib/iam-policies/ecs-roles.ts';
import { PURPOSE_NAMES } from '../../lib/iam-policies/purpose.ts';
import { aTerminal } from '../lib/cli/terminal.ts';
import { policy } from '../lib/iam-policies/forms.ts';

const path = (name: string) => resolve(import.meta.dirname, '../../docs', name);
const iam = readFileSync(path('iam.md'), 'utf8');
const cloudtrail = readFileSync(path('cloudtrail.md'), 'utf8');

/** The bodies of fenced blocks of a language. */
const blocks = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, body = '']) => body);

describe('docs/iam.md', () => {
  const printed = blocks(iam, 'sh').flatMap((block) => block.trim().split('\n'));
  const named = [...iam.matchAll(/`npx (sluice iam [^`]+)`/g)].map(([, command = '']) => `npx ${command}`);

  test.each([...new Set([...printed, ...named])])('runs as printed: %s', async (line) => {
    const [npx, sluice, ...args] = line.split(' ');
    expect([npx, sluice]).toEqual(['npx', 'sluice']);
    const terminal = aTerminal();
    expect(await runCommandLine(args, '0.0.0', terminal), terminal.err()).toBe(0);
    expect(terminal.out().length).toBeGreaterThan(100);
  });

  test('names every purpose, and shows a command for most of them', () => {
    for (const purpose of PURPOSE_NAMES) expect(iam).toContain(`| \`${purpose}\` |`);
    expect(printed.length).toBeGreaterThanOrEqual(10);
  });

  test('has the roles that sluice iam roles prints (SLUICE_WRITE_DOCS=1 writes them)', () => {
    const rows = ECS_ROLES.map(({ name, kind, trusts, managedPolicies, does, sluice }) => {
      const code = (values: readonly string[]) => values.map((value) => `\`${value}\``).join(', ');
      return `| ${kind}: \`${name}\` | ${code(trusts)} | ${code(managedPolicies)} | ${does} | ${sluice} |`;
    });
    const table = `<!-- roles -->\n| role | taken up by | managed policies | what for | to Sluice |\n|---|---|---|---|---|\n${rows.join('\n')}\n<!-- /roles -->`;
    const written = iam.replace(/<!-- roles -->.*<!-- \/roles -->/s, table);
    if (process.env['SLUICE_WRITE_DOCS'] !== undefined) writeFileSync(path('iam.md'), written);
    else expect(iam).toBe(written);
  });

  test('shows a trust policy that can be read, for tasks of one account alone', () => {
    const [trust = '', ...others] = blocks(iam, 'json');
    expect(others).toEqual([]);
    const { statements } = policy(JSON.parse(trust), 'trust');
    expect(statements[0]?.conditions.map(({ key }) => key)).toEqual(['aws:SourceAccount', 'aws:SourceArn']);
  });
});

describe('docs/cloudtrail.md', () => {
  const events = blocks(cloudtrail, 'json').map((body) => JSON.parse(body));
  const decision = decisionId(Date.parse(events[2].eventTime) - 1_000, {
    bytes: (count) => Uint8Array.from({ length: count }, (_, i) => 5 * i + 3),
  });

  test('shows both halves of a session, tied by what AWS ties them with', () => {
    const [theirs, ours] = events;
    expect(theirs.userIdentity).toEqual({
      type: 'AWSAccount',
      accountId: ours.recipientAccountId,
      principalId: ours.userIdentity.principalId,
    });
    expect(theirs.sharedEventID).toBe(ours.sharedEventID);
    expect(theirs.eventID).not.toBe(ours.eventID);
    expect(theirs.requestParameters).toEqual(ours.requestParameters);
    expect(ours.userIdentity.sessionContext.sessionIssuer.arn).toMatch(/:role\/sluice\/prod\//);
  });

  test('shows the change in the session that was begun, with the three parameters that Sluice sends', () => {
    const [begun, , changed] = events;
    expect(changed.userIdentity.arn).toBe(begun.responseElements.assumedRoleUser.arn);
    expect(changed.userIdentity.accessKeyId).toBe(begun.responseElements.credentials.accessKeyId);
    expect(Object.keys(changed.requestParameters)).toEqual(['cluster', 'service', 'desiredCount']);
  });

  test('names sessions as the code does', () => {
    const account = '111122223333';
    for (const name of [
      sessionName('sluice', 'scale', decision),
      sessionName('sluice', 'read'),
      sessionName('sluice', 'collect'),
      sessionName('sluice', 'discover', account),
      sessionName('sluice', 'prove', account),
    ])
      expect(cloudtrail).toContain(`| \`${name}\` |`);
    expect(events[0].requestParameters.roleSessionName).toBe(sessionName('sluice', 'scale', decision));
  });

  test('leads to pages and headings that there are', () => {
    const headings = (text: string) =>
      [...text.matchAll(/^## (.+)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replace(/[^a-z0-9 -]/g, '')
          .replaceAll(' ', '-'),
      );
    for (const [page, text] of [
      ['iam.md', iam],
      ['cloudtrail.md', cloudtrail],
    ] as const)
      for (const [, file = '', anchor] of text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)) {
        const target = readFileSync(path(file === '' ? page : file), 'utf8');
        if (anchor !== undefined) expect(headings(target), `${page} → ${file}#${anchor}`).toContain(anchor);
      }
  });
});
