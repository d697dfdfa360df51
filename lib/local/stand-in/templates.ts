import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The templates that the stand-in enforces: the very files that are deployed and that customers install. */
export interface Templates {
  /** infra/roles.yml */
  readonly operatorRoles: string;
  /** infra/customer/read.yaml */
  readonly customerRead: string;
  /** infra/customer/write.yaml */
  readonly customerWrite: string;
  /** infra/customer/queues.yaml */
  readonly customerQueues: string;
  /** infra/serve/role.yml */
  readonly serveRole: string;
  /** infra/serve/task-role.yml */
  readonly serveTaskRole: string;
}

/** Reads them from the package that `from` (a file or folder) lies in. */
export function readTemplates(from: string): Templates {
  const infra = join(packageRoot(from), 'infra');
  const text = (...path: string[]) => readFileSync(join(infra, ...path), 'utf8');
  return {
    operatorRoles: text('roles.yml'),
    customerRead: text('customer', 'read.yaml'),
    customerWrite: text('customer', 'write.yaml'),
    customerQueues: text('customer', 'queues.yaml'),
    serveRole: text('serve', 'role.yml'),
    serveTaskRole: text('serve', 'task-role.yml'),
  };
}

/** The nearest folder upwards that has both package.json and infra/: source and build lie at different depths. */
function packageRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'infra'))) return folder;
    if (dirname(folder) === folder) throw new Error(`no folder from ${from} upwards has package.json and infra/: the package is not whole`);
  }
}
