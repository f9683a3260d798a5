import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const forbidden = readFileSync(new URL('../fixtures/forbidden-import.ts.txt', import.meta.url), 'utf8');

interface LintMessage {
  readonly ruleId: string | null;
  readonly message: string;
}

/** Lints a text as if it stood in the project's file, with the project's own configuration. */
function lint(project: string, text: string): readonly LintMessage[] {
  const { stdout, stderr } = spawnSync(
    'npx',
    ['eslint', '--format', 'json', '--stdin', '--stdin-filename', 'src/index.ts'],
    {
      cwd: `${root}${project}`,
      input: text,
      encoding: 'utf8',
    },
  );
  if (!stdout.startsWith('[')) throw new Error(`eslint did not run: ${stdout}${stderr}`);
  const [file] = JSON.parse(stdout) as { messages: LintMessage[] }[];
  return file?.messages ?? [];
}

const boundaryMessages = (messages: readonly LintMessage[]): string[] =>
  messages.filter(({ ruleId }) => ruleId === '@nx/enforce-module-boundaries').map(({ message }) => message);

it.each(['libs/window', 'libs/medallion'])(
  'the linter refuses a forbidden import in %s',
  (project) => {
    const messages = boundaryMessages(lint(project, forbidden));
    const said = (text: RegExp): boolean => messages.some((message) => text.test(message));
    // One complaint about the framework, at least one about the log that lies above the pure libraries.
    expect(messages.length).toBeGreaterThanOrEqual(2);
    expect(said(/is not allowed to import "@nestjs\/common"/)).toBe(true);
    expect(said(/can only depend on libs tagged with|Circular dependency|Only packages defined/)).toBe(true);
  },
  120_000,
);

it('the linter refuses an adapter in the pipeline', () => {
  const messages = lint('libs/pipeline', "export { EmbeddedLog } from '@engine/stream/embedded';\n");
  expect(messages.map(({ ruleId }) => ruleId)).toContain('no-restricted-imports');
}, 120_000);

it('has nothing to say against the files as they are', () => {
  const text = readFileSync(`${root}libs/window/src/index.ts`, 'utf8');
  expect(boundaryMessages(lint('libs/window', text))).toEqual([]);
}, 120_000);
