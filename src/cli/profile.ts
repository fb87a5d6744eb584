import { type Command, InvalidArgumentError, Option } from 'commander';
import { JSON_OPTION, type OutputOptions } from './print.ts';
import { DEFAULT_VOLTAGE, PHASE_COUNTS, type PhaseCount } from './profile/wires.ts';

/** `profile`: composes, converts and draws charging profiles from files, without a node. */
export function addProfileCommand(program: Command): void {
  const profile = program
    .command('profile')
    .summary('compose, convert and draw charging profiles; needs no node')
    .description('Works on charging profiles in the JSON of OCPI and OCPP, from a file or from standard input.');
  addCompose(profile);
  addConvert(profile);
  addDraw(profile);
}

const WRONG_LINES = 'A wrong line is reported on standard error; the other lines are processed, and the command exits with 1.';

function addCompose(profile: Command): void {
  profile
    .command('compose')
    .argument('[file]', 'file with one case per line (default: standard input)')
    .summary('compute the composite schedule of an EVSE')
    .description(
      `Computes the limits that follow from all charging profiles of an EVSE.\nReads one case per line: {"from":…,"to":…,"transaction_started":…,"unit":…,"evse_max":…,"evse_profiles":[…],"station_profiles":[…]}, with profiles of OCPP 1.6, 2.0.1 or 2.1.\nPrints the limits of each case; with --json [{"start_period":…,"limit":…},…] on one line. ${WRONG_LINES}`,
    )
    .addOption(phasesOption('phases of the EVSE, to convert between W and A').default(3))
    .addOption(voltageOption().default(DEFAULT_VOLTAGE))
    .option(...JSON_OPTION)
    .action(async (file: string | undefined, options: WiresOptions) => {
      const { compose } = await import('./profile/compose.ts');
      await compose(file, options);
    });
}

function addConvert(profile: Command): void {
  profile
    .command('convert')
    .argument('[file]', 'file with one ChargingProfile or ActiveChargingProfile of OCPI per line (default: standard input)')
    .summary('convert profiles from W to A or from A to W')
    .description(
      `Prints the limits of each profile in the other unit; with --json the profile. Limits are rounded down to 0.1, so they are never higher than in the original. ${WRONG_LINES}`,
    )
    .addOption(new Option('--to <unit>', 'A: per phase; W: total').choices(['A', 'W']).makeOptionMandatory())
    .addOption(phasesOption('phases of the EVSE').makeOptionMandatory())
    .addOption(voltageOption().makeOptionMandatory())
    .option(...JSON_OPTION)
    .action(async (file: string | undefined, options: WiresOptions & { to: 'A' | 'W' }) => {
      const { convert } = await import('./profile/convert.ts');
      await convert(file, options);
    });
}

function addDraw(profile: Command): void {
  profile
    .command('draw')
    .argument('[file]', 'JSON file: a profile or composite schedule of OCPI or OCPP, or a case of profile compose (default: standard input)')
    .summary('draw profiles as steps over time')
    .description('Draws profiles in the terminal, with one line of text for each step. With --svg it prints one SVG document. Times are in UTC.')
    .option('--svg', 'print an SVG document')
    .action(async (file: string | undefined, { svg }: { svg?: true }) => {
      const { draw } = await import('./profile/draw.ts');
      await draw(file, svg ? 'svg' : 'text');
    });
}

interface WiresOptions extends OutputOptions {
  phases: PhaseCount;
  voltage: number;
}

const phasesOption = (description: string): Option => new Option('--phases <n>', description).argParser(parsePhases);
const voltageOption = (): Option => new Option('--voltage <volts>', 'nominal voltage of the EVSE, line to neutral').argParser(parseVoltage);

function parsePhases(text: string): PhaseCount {
  const phases = PHASE_COUNTS.find((it) => String(it) === text);
  if (phases === undefined) throw new InvalidArgumentError('Allowed is 1, 2 or 3.');
  return phases;
}

function parseVoltage(text: string): number {
  const voltage = /^\d{1,4}(?:\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (!(voltage >= 1 && voltage <= 1_000)) throw new InvalidArgumentError('Allowed is 1 to 1000 V, line to neutral, such as 230 or 120.');
  return voltage;
}
