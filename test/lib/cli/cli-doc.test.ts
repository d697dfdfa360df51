import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../lib/cli/program.ts';
import { aTerminal } from './terminal.ts';

const help = async (...path: string[]) => {
  const terminal = aTerminal();
  expect(await runCommandLine([...path, '--help'], '0.0.0', terminal)).toBe(0);
  return terminal.out().trimEnd();
};
/** The commands that a help text lists. */
const commandsIn = (text: string) =>
  [...(text.split('\nCommands:\n')[1] ?? '').split('\n\n')[0]!.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = '']) => name);

describe('docs/cli.md', () => {
  it('has what --help says of every command (npx vitest run test/lib/cli/cli-doc.test.ts -u writes it)', async () => {
    const overview = await help();
    const sections: string[] = [];
    for (const name of commandsIn(overview).filter((word) => word !== 'help')) {
      const own = await help(name);
      sections.push(`## sluice ${name}\n\n${fenced(own)}`);
      for (const sub of commandsIn(own).filter((word) => word !== 'help'))
        sections.push(`### sluice ${name} ${sub}\n\n${fenced(await help(name, sub))}`);
    }
    expect(sections.length).toBeGreaterThan(25);
    await expect(`${INTRODUCTION}\n${fenced(overview)}\n\n${sections.join('\n\n')}\n`).toMatchFileSnapshot(
      resolve(import.meta.dirname, '../../../docs/cli.md'),
    );
  });
});

const fenced = (text: string) => `\`\`\`text\n${text}\n\`\`\``;

const INTRODUCTION = `# The command line

\`npx sluice <command>\` after \`npm ci\`. This page is what \`--help\` says, command by command; a test writes and holds it.

**Which Sluice.** Commands talk to the admin API at \`--url\`, else at \`SLUICE_URL\`, else to a local run of this user on this machine, and say so on
stderr. At a Lambda function URL requests are signed with your AWS credentials as the AWS CLI finds them (\`AWS_PROFILE\`, environment, SSO);
at a domain of your own \`--sign\` asks for that. Nothing is ever signed for this machine itself.

**Output.** Tables and sentences for people; with \`--json\` one JSON document on stdout, or one a line where it streams (\`tail\`, \`dev\`), and nothing
else. Times are ISO 8601 in UTC. Remarks, progress and questions go to stderr, progress and questions on a terminal only.

**Exit codes.**

| code | meaning |
|---|---|
| 0 | done |
| 1 | failed: the API could not be reached or could not do it, a service of a file was refused, a check is wrong |
| 2 | a mistake in what was asked: every mistake is on stderr, nothing on stdout, nothing was changed |

**Names.** A service is its name, or \`customer/name\` where several customers use the name.

**Completion.** \`source <(sluice completion bash)\`; \`zsh\` and \`fish\` as well.

**Elsewhere.** The policy file: \`sluice.schema.json\` and \`sluice explain-policy\`. Limits as tags: [tags.md](tags.md). Retention, deletion, backup:
[data.md](data.md). The API itself: [openapi.yaml](openapi.yaml).
`;
