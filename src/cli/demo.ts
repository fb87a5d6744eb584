import { type Command, InvalidArgumentError } from 'commander';

/** The seed of the street that newcomers see: its first car comes soon, and all three versions of OCPP within half a minute. */
const SEED = 'tide';

/** `demo`: a CPO node, an eMSP node and a street of simulated charge points on this machine. */
export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .summary('watch a simulated street at work')
    .description(
      'Runs a CPO node, an eMSP node and six simulated charge points with cars on this machine, and tells each step, until Ctrl-C.\nNothing outside is touched, and nothing stays behind.',
    )
    .option('--seed <word>', 'same seed, same cars in the same order', SEED)
    .option('--speed <factor>', 'how fast time passes, 0.1 to 60', between(0.1, 60, 'a factor from 0.1 to 60'), 1)
    .option(
      '--port <number>',
      'port of the CPO; the eMSP takes the next, charge points the one after',
      between(0, 65_533, 'a port up to 65533, or 0 for any free ones'),
      8080,
    )
    .action(async (options: { seed: string; speed: number; port: number }) => {
      const { runDemo } = await import('./demo/run.ts');
      await runDemo(options);
    });
}

const between = (least: number, most: number, allowed: string) => (text: string) => {
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most)) throw new InvalidArgumentError(`Allowed is ${allowed}.`);
  return value;
};
