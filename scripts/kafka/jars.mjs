// Apache Kafka as jars from Maven Central, fetched once per user and version.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const defaultVersion = process.env.KAFKA_VERSION || '4.3.1';

export const cacheFolder = join(
  process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
  'financial-analysis-engine',
  'kafka',
);

/** What is missing to run a broker here, or undefined. */
export function missingTools() {
  const missing = ['java', 'mvn'].filter(
    (tool) => spawnSync(tool, [tool === 'java' ? '-version' : '--version'], { stdio: 'ignore' }).status !== 0,
  );
  return missing.length === 0 ? undefined : `${missing.join(' and ')} not found`;
}

/** The folder with the jars of this version; fetches them where they are missing. */
export function jarsOf(version = defaultVersion) {
  const folder = join(cacheFolder, version);
  if (existsSync(folder)) return folder;
  mkdirSync(cacheFolder, { recursive: true });
  const partial = mkdtempSync(join(cacheFolder, 'partial-'));
  try {
    fetchJars(version, partial);
    publish(join(partial, 'jars'), folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}

/** One rename: another process that fetched the same version meanwhile has made the same folder. */
function publish(jars, folder) {
  try {
    renameSync(jars, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

function fetchJars(version, folder) {
  const pom = join(folder, 'pom.xml');
  writeFileSync(pom, pomOf(version));
  const goals = [
    'dependency:copy-dependencies',
    '-DincludeScope=runtime',
    `-DoutputDirectory=${folder}/jars`,
  ];
  const run = spawnSync('mvn', ['-q', '-B', '-f', pom, ...goals], { encoding: 'utf8' });
  if (run.status !== 0)
    throw new Error(`Kafka ${version} could not be fetched with mvn:\n${run.stdout}${run.stderr}`);
}

/** slf4j-simple writes the broker's log to standard error; the version is the one of Kafka's slf4j-api. */
const pomOf = (version) => `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>engine</groupId><artifactId>kafka-for-tests</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${version}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
`;
