import { WAYS, type Way } from './hand.ts';
import { MOST_INTERACTIONS, TASKS } from './tasks.ts';

const HEADS: Readonly<Record<Way, string>> = { mouse: 'Mouse', keyboard: 'Keyboard', phone: 'Phone, 390 px' };

/** Writes docs/console-tasks.md from what was done: `stepsOf` gives the interactions of a task. */
export function writeTasksPage(stepsOf: (task: string, way: Way) => readonly string[]): string {
  const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  const table = [
    row(['Task', ...WAYS.map((way) => HEADS[way])]),
    row(['---', ...WAYS.map(() => '---:')]),
    ...TASKS.map(({ id, title }) => row([title, ...WAYS.map((way) => stepsOf(id, way).length)])),
  ];
  const sections = TASKS.flatMap(({ id, title }) => [
    `## ${title}`,
    '',
    ...WAYS.flatMap((way) => [`${HEADS[way]}:`, '', ...stepsOf(id, way).map((step, n) => `${n + 1}. ${step}`), '']),
  ]);
  return `${[INTRODUCTION, ...table, '', ...sections].join('\n').trimEnd()}\n`;
}

const INTRODUCTION = `# Tasks of an operator in the console

Eight things that an operator does often, each begun on the overview. Each takes at most ${MOST_INTERACTIONS} interactions, by mouse, by keyboard and on a phone.
One click, one tap, one key or key chord, one choice, and one typed text with Enter are one interaction each. Scrolling is not counted.

\`test/console/tasks.test.ts\` does each task in a browser, counts, and checks that the page and the node show the result. It also checks this page;
\`EVENKEEL_TASKS=1\` makes it write the page again. \`npm run bench -- console\` measures how long a script needs for each task.

The car of the third task is limited by its site only. Where another party has set a limit on the session, the form also asks whether to replace that limit or
only to lower it: one interaction more. A limit that pauses a car is asked for once more.

Undo is offered for 10 s after an act. Later, a party is resumed on *Steering*, and a limit is lifted from the line at the top of each page.
`;
