import { describe, expect, test } from 'vitest';
import { ConfigError, parseConfig } from '../../lib/config.ts';

const least = { SLUICE_TABLE: 'sluice-dev', SLUICE_STAGE: 'dev', AWS_REGION: 'eu-central-1', SLUICE_ACCOUNT_ID: '111122223333' };

describe('the environment', () => {
  test('needs table, stage, Region and account; the rest has defaults', () => {
    expect(parseConfig(least)).toEqual({
      tableName: 'sluice-dev',
      stage: 'dev',
      deployment: 'sluice',
      region: 'eu-central-1',
      operatorAccountId: '111122223333',
      historyDays: 30,
      changeDays: 400,
      dueShards: 1,
      functionName: 'sluice-local',
    });
  });

  test('names everything that does not fit at once', () => {
    const wrong = { ...least, SLUICE_STAGE: 'Dev!', SLUICE_ACCOUNT_ID: '12', SLUICE_HISTORY_DAYS: '0' };
    expect(() => parseConfig(wrong)).toThrow(ConfigError);
    expect(() => parseConfig(wrong)).toThrow(/SLUICE_STAGE is "Dev!".*\n.*SLUICE_ACCOUNT_ID is "12".*\n.*SLUICE_HISTORY_DAYS is "0"/);
  });

  test('takes the empty text of a parameter that was left out for absent', () => {
    expect(parseConfig({ ...least, SLUICE_HEARTBEAT_URL: '', SLUICE_EVENT_BUS: '' })).toEqual(parseConfig(least));
  });

  test('has bus, endpoint of EventBridge and heartbeat where they are given', () => {
    const given = {
      SLUICE_EVENT_BUS: 'default',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      SLUICE_HEARTBEAT_URL: 'https://hc.example/secret',
    };
    expect(parseConfig({ ...least, ...given })).toMatchObject({
      eventBus: 'default',
      eventsEndpoint: 'http://127.0.0.1:4566',
      heartbeatUrl: 'https://hc.example/secret',
    });
  });

  test('does not show the heartbeat URL where it is wrong: it may be a secret', () => {
    const wrong = { ...least, SLUICE_HEARTBEAT_URL: 'hc.example/secret' };
    expect(() => parseConfig(wrong)).toThrow(/SLUICE_HEARTBEAT_URL is not a URL/);
    expect(() => parseConfig(wrong)).not.toThrow(/secret/);
  });
});
