import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../lib/cli/program.ts';
import { aTerminal } from './terminal.ts';

async function run(...args: string[]) {
  // Nobody listens there: what is wrong with a command is told without asking anybody.
  const terminal = aTerminal({ SLUICE_URL: 'http://127.0.0.1:9/admin', XDG_RUNTIME_DIR: '/nonexistent' });
  return { code: await runCommandLine(args, '1.2.3', terminal), out: terminal.out(), err: terminal.err() };
}

/** A wrong way to call each command with several options, and what has to be told of it, all of it. */
const wrong: [line: string, ...told: RegExp[]][] = [
  [
    'dev --port x --aws-port 99999 --for soon --config gone.yml',
    /--port.*'x'/,
    /--aws-port.*'99999'/,
    /--for.*'soon'/,
    /gone\.yml: there is no/,
  ],
  [
    'apply gone.yml -f lost.yml --url nonsense --wat',
    /gone\.yml: there is no/,
    /lost\.yml: there is no/,
    /--url is "nonsense"/,
    /unknown option '--wat'/,
  ],
  ['diff --url nonsense --exit-codes', /Name a policy file/, /--url is "nonsense"/, /unknown option '--exit-codes'/],
  ['get web api --url nonsense', /too many arguments/, /--url is "nonsense"/],
  ['explain-policy --wat --wut', /unknown option '--wat'/, /unknown option '--wut'/, /missing required argument 'files'/],
  ['status web --since 3 --target x --url nonsense', /--since.*'3'/, /--target.*'x'/, /--url is/],
  ['status web --since 49h --target 0', /--since goes back 48h at most/, /--target.*'0'/],
  ['explain --url nonsense --customer', /missing required argument 'service'/, /--url is/, /--customer <name>' argument missing/],
  [
    'connect 12 --role-arn x --region nowhere --template-url y --external-id z',
    /--customer <name>' not specified/,
    /twelve digits|12 digits/,
    /role/i,
    /--region.*'nowhere'/,
    /external ID is never given/,
  ],
  ['enable --region nowhere --template-url y', /missing required argument 'service'/, /--region.*'nowhere'/, /https/],
  ['disconnect 12 --region nowhere', /--customer <name>' not specified/, /twelve digits|12 digits/, /--region.*'nowhere'/],
  ['services --url nonsense --wat', /--url is/, /unknown option '--wat'/],
  ['doctor 12 --url nonsense', /twelve digits/, /--url is/],
  ['decisions --since x --limit 0', /missing required argument 'service'/, /--since.*'x'/, /--limit.*'0'/],
  ['tail web api --since x --for y', /too many arguments/, /--since.*'x'/, /--for.*'y'/],
  ['pause web --all --for x --wat', /--all is everything/, /--for.*'x'/, /unknown option '--wat'/],
  ['resume --url nonsense', /Say what/, /--url is/],
  [
    'override web --min many --max -1 --for x --until 2026',
    /--min.*'many'/,
    /--max.*'-1'/,
    /--for.*'x'/,
    /--until.*'2026'/,
    /--for or --until, not both/,
  ],
  ['override --min 9 --max 3', /missing required argument 'service'/, /--min 9 is over --max 3/, /give --for 2h/],
  ['override web --clear --min x', /--clear takes back all/, /--min.*'x'/],
  ['mode web loud --url nonsense', /'loud' is invalid.*observe/, /--url is/],
  ['remove --url nonsense', /missing required argument 'service'/, /--url is/],
  ['token list --url nonsense', /missing required argument 'service'/, /--url is/],
  ['token create --url nonsense --wat', /missing required argument 'service'/, /--url is/, /--wat/],
  ['token rotate --url nonsense --wat', /missing required argument 'service'/, /--url is/, /--wat/],
  ['token revoke web --url nonsense', /missing required argument 'key'/, /--url is/],
  ['changes --since x --limit y --operator --customer acme', /--since.*'x'/, /--limit.*'y'/, /--operator is what concerns no customer/],
  ['rollback --operator --customer acme', /missing required argument 'change'/, /--operator is what concerns no customer/],
  ['rollback nope --url nonsense', /'nope' is invalid.*18 characters/, /--url is/],
  ['export --url nonsense', /missing required argument 'folder'/, /--url is/],
  ['forget --url nonsense', /missing required argument 'customer'/, /--url is/],
  ['principal list --url nonsense --wat', /--url is/, /--wat/],
  ['principal limit --url nonsense', /missing required argument 'arn'/, /--customer <name>' not specified/, /--url is/],
  ['principal free --url nonsense', /missing required argument 'arn'/, /--url is/],
  ['whoami --url nonsense --wat', /--url is/, /--wat/],
  ['completion tcsh --wat', /'tcsh' is invalid/, /--wat/],
  [
    'simulate --wat --wut --slo 3 --seed x --scaler magic',
    /--trace <file>' not specified/,
    /--wat/,
    /--wut/,
    /--slo: has to be/,
    /--seed: has to be/,
    /no "magic"/,
  ],
  [
    'compare --seeds x --trials y --threads z --trace gone.csv --league cup --scalers hope --min 3 --max 2',
    /--seeds.*'x'/,
    /--trials.*'y'/,
    /--threads.*'z'/,
    /gone\.csv: there is no/,
    /--league: has to be/,
    /no "hope"/,
    /--min 3 is over --max 2/,
  ],
];

describe('a command that is called wrongly', () => {
  it.each(wrong)('sluice %s: tells every mistake, on stderr, and ends with 2', async (line: string, ...told: RegExp[]) => {
    const { code, out, err } = await run(...line.split(' '));
    for (const mistake of told) expect(err).toMatch(mistake);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    // Each stands alone on a line, once, and where to look stands at the end.
    const lines = err.trimEnd().split('\n');
    expect(new Set(lines).size).toBe(lines.length);
    expect(lines.at(-1)).toBe('(--help tells more)');
  });

  it('tells two unknown options at once, whichever command it is', async () => {
    const { out } = await run('--help');
    const names = [...out.matchAll(/^ {2}([a-z][a-z-]*)\b.*(?:\[|$)/gm)].map(([, name = '']) => name);
    const within = await Promise.all(
      names.map(async (name) => {
        const commands = /\nCommands:\n([\s\S]*)/.exec((await run(name, '--help')).out)?.[1] ?? '';
        const subs = [...commands.matchAll(/^ {2}([a-z][a-z-]*)\b/gm)].map(([, sub = '']) => `${name} ${sub}`);
        return subs.length === 0 ? [name] : subs;
      }),
    );
    const all = within.flat().filter((name) => !/\bhelp\b/.test(name));
    expect(all.length).toBeGreaterThan(33);
    expect(wrong.map(([line]) => line).filter((line) => !all.some((name) => line.startsWith(`${name} `)))).toEqual([]);
    for (const name of all) {
      const { code, err } = await run(...name.split(' '), '--wat', '--wut');
      expect({ name, code, err }).toEqual({
        name,
        code: 2,
        err: expect.stringMatching(/unknown option '--wat'[\s\S]*unknown option '--wut'/),
      });
    }
  });

  it('is told of its help all the same where that is asked for', async () => {
    expect(await run('override', '--min', 'x', '--help')).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringContaining('Usage: sluice override'),
    });
  });

  it('takes a value that begins with a dash for what it is', async () => {
    expect((await run('override', 'web', '--min', '-3', '--for', '1h')).err).toMatch(/--min <tasks>': '-3' is invalid/);
  });
});

describe('an unknown command', () => {
  it.each([['servces'], ['token creat']])('%s is told with what is near it', async (line) => {
    expect(await run(...line.split(' '))).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/unknown command.*\n?.*Did you mean/),
    });
  });
});
