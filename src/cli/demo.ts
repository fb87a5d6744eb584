import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Topology, topologies } from './demo/topologies.ts';

/** With this seed the first car comes soon, and all three versions of OCPP are used within half a minute. */
export const DEFAULT_SEED = 'tide';

/** `demo`: runs nodes of a CPO, an eMSP and an SCSP with simulated charge points on this machine. */
export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .summary('run nodes with simulated charge points')
    .description(
      'Runs the nodes of a CPO, an eMSP and an SCSP with thirteen simulated charge points and their cars on this machine, and prints each step until Ctrl-C.\nIt connects to no other machine. When it stops, it deletes its data.',
    )
    .addOption(
      new Option(
        '--topology <name>',
        'who steers: emsp (the eMSP itself), relay (an SCSP through the eMSP), cpo-scsp (an SCSP for the CPO), all (side by side; the default)',
      ).choices([...topologies, 'all']),
    )
    .option('--gateway', 'put the CPO node between its charge points and a simulated CSMS that stays; without --topology: emsp')
    .option('--seed <word>', 'with the same seed, the same cars come in the same order', DEFAULT_SEED)
    .option('--speed <factor>', 'speed of time, from 0.1 to 60', between(0.1, 60, 'a factor from 0.1 to 60'), 1)
    .option(
      '--port <number>',
      'port of the CPO; the next three ports are for the eMSP, the charge points and the SCSP; 0: any free ports (default: 8080, or the next free ones)',
      between(0, 65_532, 'a port from 1 to 65532, or 0 for any free ports'),
    )
    .action(
      async ({ topology, gateway = false, ...options }: { topology?: Topology | 'all'; gateway?: boolean; seed: string; speed: number; port?: number }) => {
        const { runDemo } = await import('./demo/run.ts');
        const chosen = topology ?? (gateway ? 'emsp' : 'all');
        await runDemo({ ...options, gateway, port: options.port, topologies: chosen === 'all' ? topologies : [chosen] });
      },
    );
}

const between = (least: number, most: number, allowed: string) => (text: string) => {
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most)) throw new InvalidArgumentError(`Allowed is ${allowed}.`);
  return value;
};
