import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installAt } from '../cache-folder.mjs';
import { onPath } from '../on-path.mjs';
import { runProgram } from '../run-program.mjs';

const limitMs = 10 * 60_000;

/**
 * The Java test server with all it needs, from Maven Central, behind a script that starts it.
 * @param {{ version: string, place: string }} options `place` is a folder
 */
export function mavenTestServerWay({ version, place }) {
  const artifact = `io.temporal:temporal-test-server:${version}`;
  return {
    name: `the Java package ${artifact} with Maven`,
    command: 'install Java 11 or newer and Maven (`java` and `mvn` on PATH)',
    expected: 'about 40 MB, half a minute',
    cannot: () => {
      const missing = ['java', 'mvn'].filter((program) => !onPath(program));
      return missing.length === 0
        ? undefined
        : `${missing.map((program) => `\`${program}\``).join(' and ')} not on PATH`;
    },
    go: () => installAt(place, (folder) => assemble(folder, version, place)),
  };
}

async function assemble(folder, version, place) {
  const finished = join(folder, 'finished');
  const jars = join(finished, 'jars');
  mkdirSync(jars, { recursive: true });
  const project = join(folder, 'pom.xml');
  writeFileSync(project, pom(version));
  const goal = 'dependency:copy-dependencies';
  await runProgram(onPath('mvn'), ['--batch-mode', '--quiet', '--file', project, goal, `-DoutputDirectory=${jars}`], {
    timeLimitMs: limitMs,
  });
  if (!readdirSync(jars).some((name) => name.startsWith('temporal-test-server-')))
    throw new Error(`Maven left no test server in ${jars}`);
  writeStarter(finished, place);
  return finished;
}

function writeStarter(folder, place) {
  const main = 'io.temporal.testserver.TestServer';
  if (process.platform === 'win32') {
    writeFileSync(join(folder, 'temporal-test-server.cmd'), `@java -cp "%~dp0jars\\*" ${main} %*\r\n`);
    return;
  }
  const starter = join(folder, 'temporal-test-server');
  writeFileSync(starter, `#!/bin/sh\nexec java -cp '${place.replaceAll("'", `'\\''`)}/jars/*' ${main} "$@"\n`);
  chmodSync(starter, 0o755);
}

const pom = (version) => `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>acequia</groupId>
  <artifactId>test-server</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>${version}</version>
    </dependency>
  </dependencies>
</project>
`;
