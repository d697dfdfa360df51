import { describe, expect, it } from 'vitest';
import { type ServeOptions, serveSettings } from '../../../lib/serve/settings.ts';

const env = {
  AWS_ACCESS_KEY_ID: 'a',
  AWS_SECRET_ACCESS_KEY: 'b',
  AWS_REGION: 'eu-central-1',
  SLUICE_STAGE: 'prod',
  SLUICE_ACCOUNT_ID: '111122223333',
};
const read = (options: Partial<ServeOptions> = {}, more: Record<string, string | undefined> = {}) =>
  serveSettings(
    { port: 8_080, host: '0.0.0.0', drainMs: 5_000, ...options },
    {
      env: { ...env, ...more },
      readText: () => {
        throw new Error('there is no such file');
      },
      now: 0,
    },
  );
const problems = (...args: Parameters<typeof read>) => {
  const settings = read(...args);
  return settings.ok ? [] : settings.problems;
};

describe('what sluice serve runs with', () => {
  it('comes from the environment, with the table named after the stage', () => {
    expect(read()).toMatchObject({
      ok: true,
      settings: { config: { tableName: 'sluice-prod', stage: 'prod', region: 'eu-central-1' }, source: { kind: 'environment' } },
    });
  });

  it('prefers what stands on the command line', () => {
    const options = { table: 'other', stage: 'dev', region: 'us-east-1', account: '444455556666', parts: 'tick, ingest' };
    const settings = read(options);
    expect(settings).toMatchObject({
      ok: true,
      settings: { config: { tableName: 'other', stage: 'dev', region: 'us-east-1', operatorAccountId: '444455556666' } },
    });
    expect(settings.ok && [...settings.settings.parts]).toEqual(['ingest', 'tick']);
    expect(settings.ok && 'adminPort' in settings.settings).toBe(false);
  });

  it('has what report URLs begin with from either, and refuses what is no URL', () => {
    const beginning = (...args: Parameters<typeof read>) => {
      const settings = read(...args);
      return settings.ok ? settings.settings.config.reportsUrl : settings.problems;
    };
    const inEnvironment = { SLUICE_REPORTS_URL: 'https://a.example.com' };
    expect(beginning({}, inEnvironment)).toBe('https://a.example.com');
    expect(beginning({ reportsUrl: 'https://b.example.com' }, inEnvironment)).toBe('https://b.example.com');
    expect(beginning()).toBeUndefined();
    expect(beginning({ reportsUrl: 'reports.example.com' })).toEqual([expect.stringContaining('SLUICE_REPORTS_URL is not a URL')]);
  });

  it('takes AWS_DEFAULT_REGION where there is no AWS_REGION', () => {
    expect(read({}, { AWS_REGION: undefined, AWS_DEFAULT_REGION: 'eu-west-1' })).toMatchObject({
      settings: { config: { region: 'eu-west-1' } },
    });
  });

  it('is refused with everything that is wrong at once', () => {
    const told = problems(
      { parts: 'tick,x', adminPort: 8_080, drainMs: 60_000 },
      { SLUICE_STAGE: 'PROD', AWS_REGION: undefined, AWS_PROFILE: 'p' },
    );
    for (const part of [
      'SLUICE_STAGE',
      'AWS_REGION',
      '"x"',
      '--admin-port',
      '--drain',
      'AWS_PROFILE and AWS_ACCESS_KEY_ID',
      'no profile p',
    ])
      expect(told.join('\n')).toContain(part);
  });
});
