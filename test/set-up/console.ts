import { buildConsole, isStale } from '../../scripts/console.ts';

/** Builds the console for the browser tests when a source is newer than the build. */
export default function setUp(): void {
  if (!isStale()) return;
  const { status, output } = buildConsole();
  if (status !== 0) throw new Error(`the console page could not be built: ${output}`);
}
