/** The published adapters carry no types: what the example uses of them. */
declare module 'judoscale-express' {
  import type { RequestHandler } from 'express';
  export class Judoscale {
    constructor(options?: { readonly api_base_url?: string; readonly report_interval_seconds?: number; readonly log_level?: string });
  }
  export function middleware(judoscale: Judoscale): RequestHandler;
}

declare module 'judoscale-node-core' {
  export class Metric {
    constructor(identifier: string, time: Date, value: number, queueName?: string | null);
  }
  export class WorkerMetricsCollector {
    constructor(collectorName: string, config?: object);
    collect(): Metric[] | Promise<Metric[]>;
  }
  export class Judoscale {
    constructor(options?: { readonly api_base_url?: string; readonly report_interval_seconds?: number; readonly log_level?: string });
    static registerAdapter(identifier: string, collector: WorkerMetricsCollector | null, meta?: object): void;
  }
}
