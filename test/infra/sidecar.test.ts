import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const text = (name: string) => readFileSync(resolve(import.meta.dirname, '../../infra/sidecar', name), 'utf8');

/** A message of Envoy's API v3, as far as it is used: its fields, each with the message in it, or with what its text has to be. */
interface Message {
  readonly [field: string]: Message | RegExp;
}
const duration = /^\d+(\.\d+)?s$/;
const count = /^\d+$/;
const any = /./;
const socket: Message = { socket_address: { address: /^(0\.0\.0\.0|127\.0\.0\.1)$/, port_value: count } };
const type = (name: string): RegExp => new RegExp(`^type\\.googleapis\\.com/${name.replaceAll('.', '\\.')}$`);
const route: Message = { match: { prefix: /^\// }, route: { cluster: any, timeout: duration } };
const header: Message = {
  header: { key: any, value: any },
  append_action: /^(APPEND_IF_EXISTS_OR_ADD|ADD_IF_ABSENT|OVERWRITE_IF_EXISTS_OR_ADD|OVERWRITE_IF_EXISTS)$/,
};
const manager: Message = {
  '@type': type('envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager'),
  stat_prefix: any,
  common_http_protocol_options: { idle_timeout: duration },
  stream_idle_timeout: duration,
  upgrade_configs: { upgrade_type: any },
  http_filters: { name: any, typed_config: { '@type': type('envoy.extensions.filters.http.router.v3.Router') } },
  route_config: { name: any, request_headers_to_add: header, virtual_hosts: { name: any, domains: any, routes: route } },
};
const bootstrap: Message = {
  static_resources: {
    listeners: { name: any, address: socket, filter_chains: { filters: { name: any, typed_config: manager } } },
    clusters: {
      name: any,
      type: /^(STATIC|STRICT_DNS|LOGICAL_DNS|EDS|ORIGINAL_DST)$/,
      connect_timeout: duration,
      circuit_breakers: { thresholds: { max_connections: count, max_pending_requests: count, max_requests: count } },
      load_assignment: { cluster_name: any, endpoints: { lb_endpoints: { endpoint: { address: socket } } } },
    },
  },
};

/** What is in a document that is not in the message. A list is looked at item by item. */
function wrong(value: unknown, message: Message | RegExp, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((each, i) => wrong(each, message, `${path}[${i}]`));
  if (message instanceof RegExp) {
    const fits = typeof value !== 'object' && message.test(String(value));
    return fits ? [] : [`${path}: ${JSON.stringify(value)} is not ${message}`];
  }
  if (typeof value !== 'object' || value === null) return [`${path}: ${JSON.stringify(value)} is no message`];
  return Object.entries(value).flatMap(([field, inner]) => {
    const known = message[field];
    return known === undefined ? [`${path}.${field} is no field here`] : wrong(inner, known, `${path}.${field}`);
  });
}

describe('infra/sidecar/envoy.yaml', () => {
  const document = parse(text('envoy.yaml'));

  test('has fields of Envoy’s API where they belong, and none besides (Envoy itself looks at it in the extended tests, where it is)', () => {
    expect(wrong(document, bootstrap)).toEqual([]);
    expect(wrong({ static_resources: { listener: [] } }, bootstrap)).toEqual(['.static_resources.listener is no field here']);
  });

  test('passes on to the cluster that it defines, and ends with the router', () => {
    const [listener] = document.static_resources.listeners;
    const config = listener.filter_chains[0].filters[0].typed_config;
    expect(config.route_config.virtual_hosts[0].routes[0].route.cluster).toBe(document.static_resources.clusters[0].name);
    expect(config.http_filters.at(-1).name).toBe('envoy.filters.http.router');
  });
});

describe('infra/sidecar/nginx.conf.template', () => {
  test('takes from the environment what the task definition of docs/reporting.md gives, and nothing else', () => {
    const names = [...text('nginx.conf.template').matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
    const page = readFileSync(resolve(import.meta.dirname, '../../docs/reporting.md'), 'utf8');
    expect([...new Set(names)].sort()).toEqual([...page.matchAll(/"name": "(\w+)", "value"/g)].map(([, name]) => name).sort());
  });

  test('has its braces closed and its directives ended', () => {
    const lines = text('nginx.conf.template')
      .replaceAll(/#.*/g, '')
      .replaceAll(/\$\{\w+\}/g, '1')
      .split('\n');
    expect(lines.filter((line) => line.trim() !== '' && !/[;{}]\s*$/.test(line))).toEqual([]);
    const all = lines.join('');
    expect(all.split('{').length).toBe(all.split('}').length);
  });
});
