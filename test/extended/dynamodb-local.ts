import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, type Installed, missingPrograms, trouble } from './installed.ts';

const version = '2.6.1';

/** AWS's own DynamoDB Local, with what it depends on, from Maven Central through Maven's own configuration. */
export function installDynamodbLocal(): Installed {
  const home = join(cacheDir, `dynamodb-local-${version}`);
  const missing = missingPrograms({ java: 'default-jre-headless' });
  if (missing !== undefined) return { kind: 'missing', why: missing };
  if (existsSync(home)) return { kind: 'installed', path: home };
  const noMaven = missingPrograms({ mvn: 'maven' });
  if (noMaven !== undefined) return { kind: 'missing', why: noMaven };

  const made = `${home}.${process.pid}`;
  mkdirSync(made, { recursive: true });
  writeFileSync(join(made, 'pom.xml'), pom);
  const failed = trouble('mvn', ['-B', '-q', 'dependency:copy-dependencies', '-DoutputDirectory=lib', '-DincludeScope=runtime'], {
    cwd: made,
  });
  if (failed !== undefined) {
    rmSync(made, { recursive: true, force: true });
    return { kind: 'missing', why: failed };
  }
  renameSync(made, home);
  return { kind: 'installed', path: home };
}

/** What to start it with; data stays in memory. */
export const dynamodbLocalCommand = (home: string, port: number): { readonly command: string; readonly args: readonly string[] } => ({
  command: 'java',
  args: [
    `-Djava.library.path=${join(home, 'lib')}`,
    ...['-cp', join(home, 'lib', '*'), 'com.amazonaws.services.dynamodbv2.local.main.ServerRunner'],
    ...['-inMemory', '-disableTelemetry', '-port', String(port)],
  ],
});

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>sluice</groupId>
  <artifactId>dynamodb-local</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>com.amazonaws</groupId>
      <artifactId>DynamoDBLocal</artifactId>
      <version>${version}</version>
    </dependency>
  </dependencies>
</project>
`;
