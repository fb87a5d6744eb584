import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Topology, topologies } from './demo/topologies.ts';

/** The seed of the street that newcomers see: its first car comes soon, and all three versions of OCPP within half a minute. */
const SEED = 'tide';

/** `demo`: the nodes of a CPO, an eMSP and an SCSP, and a street of simulated charge points, on this machine. */
export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .summary('watch a simulated street at work')
    .description(
      'Runs the nodes of a CPO, an eMSP and an SCSP and ten simulated charge points with cars on this machine, and tells each step, until Ctrl-C.\nNothing outside is touched, and nothing stays behind.',
    )
    .addOption(
      new Option('--topology <name>', 'who steers: emsp (the eMSP itself), relay (an SCSP through the eMSP), cpo-scsp (an SCSP for the CPO), or all at once')
        .choices([...topologies, 'all'])
        .default('all'),
    )
    .option('--seed <word>', 'same seed, same cars in the same order', SEED)
    .option('--speed <factor>', 'how fast time passes, 0.1 to 60', between(0.1, 60, 'a factor from 0.1 to 60'), 1)
    .option(
      '--port <number>',
      'port of the CPO; the next three are for the eMSP, charge points and the SCSP',
      between(0, 65_532, 'a port up to 65532, or 0 for any free ones'),
      8080,
    )
    .action(async ({ topology, ...options }: { topology: Topology | 'all'; seed: string; speed: number; port: number }) => {
      const { runDemo } = await import('./demo/run.ts');
      await runDemo({ ...options, topologies: topology === 'all' ? topologies : [topology] });
    });
}

const between = (least: number, most: number, allowed: string) => (text: string) => {
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most)) throw new InvalidArgumentError(`Allowed is ${allowed}.`);
  return value;
};
