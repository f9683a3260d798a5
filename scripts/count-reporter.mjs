import { mkdirSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = `${root}tmp/test-counts/`;

/** What failed: each test with where it is and what it said; a suite that cannot be loaded has no test to name. */
const failuresOf = ({ testResults }) =>
  testResults.flatMap(({ testFilePath, testExecError, failureMessage, testResults: tests }) => {
    const failed = tests.filter(({ status }) => status === 'failed');
    const of = (name, messages) => ({
      file: relative(root, testFilePath),
      name,
      message: stripVTControlCharacters(messages),
    });
    if (testExecError) return [of('the suite itself', failureMessage ?? String(testExecError))];
    return failed.map(({ fullName, failureMessages }) => of(fullName, failureMessages.join('\n')));
  });

/** Writes how many tests of a project passed, failed and were skipped, so that `npm test` can add them up, and name the failed. */
export default class CountReporter {
  onRunComplete(_contexts, results) {
    mkdirSync(folder, { recursive: true });
    const project = process.cwd().split('/').slice(-2).join('-');
    const counts = {
      project,
      passed: results.numPassedTests,
      // A suite that cannot even be loaded has no failed test of its own: it counts as one.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
      failures: failuresOf(results),
    };
    writeFileSync(`${folder}${project}.json`, `${JSON.stringify(counts)}\n`);
  }
}
