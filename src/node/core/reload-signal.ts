import { isatty } from 'node:tty';

const STDIN = 0;

/**
 * Calls `reload` at each SIGHUP, one after another; signals that arrive before the first call of `begin` are remembered as one. The SIGHUP
 * of a terminal that was closed calls `hungUp` instead: nobody can end the process there any more.
 */
export function onReloadSignal({ reload, hungUp }: { reload(): Promise<void>; hungUp(): void }): { begin(): void } {
  const hadTerminal = isatty(STDIN);
  let begun = false;
  let wanted = false;
  let running = false;
  const run = async () => {
    if (!begun || running) return;
    running = true;
    while (wanted) {
      wanted = false;
      await reload();
    }
    running = false;
  };
  const start = () => void run();
  process.on('SIGHUP', () => {
    if (hadTerminal && !isatty(STDIN)) return hungUp();
    wanted = true;
    start();
  });
  return {
    begin: () => {
      begun = true;
      start();
    },
  };
}
