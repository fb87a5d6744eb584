import { type Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULT_VOLTAGE, PHASE_COUNTS, type PhaseCount } from './profile/wires.ts';

/** `profile`: the algebra of charging profiles on files, without a node. */
export function addProfileCommand(program: Command): void {
  const profile = program
    .command('profile')
    .summary('compose, convert and draw charging profiles; needs no node')
    .description('Works on files of charging profiles as OCPI and OCPP write them in JSON, or on standard input.');
  addCompose(profile);
  addConvert(profile);
  addDraw(profile);
}

function addCompose(profile: Command): void {
  profile
    .command('compose')
    .argument('[file]', 'one case a line (default: standard input)')
    .summary('say what an EVSE stays below, all its profiles counted')
    .description(
      'Reads {"from":…,"to":…,"transaction_started":…,"unit":…,"evse_max":…,"evse_profiles":[…],"station_profiles":[…]} a line, profiles as OCPP 1.6, 2.0.1\nor 2.1 writes them, and prints [{"start_period":…,"limit":…},…] for each. A wrong line is told on standard error, and the command ends with 1.',
    )
    .addOption(wired(new Option('--phases <n>', 'phases of the EVSE, where W and A meet').default(3)))
    .addOption(new Option('--voltage <volts>', 'its nominal voltage, line to neutral').argParser(parseVoltage).default(DEFAULT_VOLTAGE))
    .action(async (file: string | undefined, options: WiresOptions) => {
      const { compose } = await import('./profile/compose.ts');
      await compose(file, options);
    });
}

function addConvert(profile: Command): void {
  profile
    .command('convert')
    .argument('[file]', 'one ChargingProfile or ActiveChargingProfile of OCPI a line (default: standard input)')
    .summary('turn W into A or A into W, never above what was asked')
    .description('Prints each profile in the other unit, its limits down to 0.1. A wrong line is told on standard error, and the command ends with 1.')
    .addOption(new Option('--to <unit>', 'A: per phase; W: in all').choices(['A', 'W']).makeOptionMandatory())
    .addOption(wired(new Option('--phases <n>', 'phases of the EVSE').makeOptionMandatory()))
    .addOption(new Option('--voltage <volts>', 'its nominal voltage, line to neutral').argParser(parseVoltage).makeOptionMandatory())
    .action(async (file: string | undefined, options: WiresOptions & { to: 'A' | 'W' }) => {
      const { convert } = await import('./profile/convert.ts');
      await convert(file, options);
    });
}

function addDraw(profile: Command): void {
  profile
    .command('draw')
    .argument('[file]', 'JSON: a profile or composite schedule of OCPI or OCPP, or a case of compose (default: standard input)')
    .summary('draw profiles as steps over time')
    .description('Draws what it reads in the terminal, with a line for each step; or, with --svg, prints one SVG document. Times are UTC.')
    .option('--svg', 'print an SVG document')
    .action(async (file: string | undefined, { svg }: { svg?: true }) => {
      const { draw } = await import('./profile/draw.ts');
      await draw(file, svg ? 'svg' : 'text');
    });
}

interface WiresOptions {
  phases: PhaseCount;
  voltage: number;
}

const wired = (option: Option) => option.argParser(parsePhases);

function parsePhases(text: string): PhaseCount {
  const phases = PHASE_COUNTS.find((it) => String(it) === text);
  if (phases === undefined) throw new InvalidArgumentError('Allowed is 1, 2 or 3.');
  return phases;
}

function parseVoltage(text: string): number {
  const voltage = /^\d{1,4}(?:\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (!(voltage >= 1 && voltage <= 1_000)) throw new InvalidArgumentError('Allowed is 1 to 1000 V, line to neutral: 230, 120.');
  return voltage;
}
