import dynalite from 'dynalite';

/** A database that speaks DynamoDB's protocol. */
export interface Database {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Starts an empty database in this process and in memory, on a free port of the loopback address. */
export function startDatabase(): Promise<Database> {
  const server = dynalite({ createTableMs: 0 });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      if (address === null || typeof address === 'string') return reject(new Error('the embedded database has no TCP address'));
      resolve({
        endpoint: `http://127.0.0.1:${address.port}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}
