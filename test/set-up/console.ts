import { buildConsole, isStale } from '../../scripts/console.ts';

/** The page that the browser tests look at is built before them, when a source is newer than it. */
export default function setUp(): void {
  if (!isStale()) return;
  const { status, output } = buildConsole();
  if (status !== 0) throw new Error(`the console page could not be built: ${output}`);
}
