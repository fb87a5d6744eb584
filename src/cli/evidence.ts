import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { evidenceCsv } from './evidence-csv.ts';
import { type ApiOptions, connect, withNodeOptions } from './find-api.ts';
import { parseMoment } from './option-values.ts';
import { CliError } from './output.ts';
import { terminal } from './terminal.ts';

interface EvidenceOptions extends Omit<ApiOptions, 'json'> {
  from?: string;
  to?: string;
  csv?: true | string;
  json?: true | string;
}

/** `evidence`: writes what was asked, ordered, confirmed, offered and drawn. */
export function addEvidenceCommand(program: Command): void {
  withNodeOptions(
    program
      .command('evidence')
      .argument('<subject>', 'a session, as evenkeel sessions shows it, the name of a site, or the id of a location')
      .summary('write evidence for a settlement: what was ordered, offered and drawn')
      .description(
        'Writes evidence for a settlement with a grid operator: what was asked, ordered, confirmed, offered and drawn, of a session or of all sessions at a site.\nWithout --csv and --json: CSV on standard output. With both, each needs a file.',
      )
      .option('--from <moment>', 'begin, such as 2030-01-01T00:00:00Z (default: start of the session, or one day before --to)', parseMoment)
      .option('--to <moment>', 'end, excluded (default: now)', parseMoment)
      .option('--csv [file]', 'CSV: into a file, or on standard output')
      .option('--json [file]', 'JSON (one value): into a file, or on standard output'),
  ).action(async (subject: string, options: EvidenceOptions) => {
    const { from, to, csv, json, ...node } = options;
    if (csv === true && json === true) throw new CliError('--csv and --json together need a file each', 2);
    const { client, routes } = await connect(node);
    const evidence = await client.send(routes.getEvidence, { query: { subject, ...(from && { from }), ...(to && { to }) } });
    if (csv !== undefined || json === undefined) await write(csv, evidenceCsv(evidence));
    if (json !== undefined) await write(json, `${JSON.stringify(evidence, null, 2)}\n`);
  });
}

async function write(file: string | true | undefined, text: string): Promise<void> {
  if (typeof file !== 'string') return void terminal().stdout.write(text);
  await writeFile(file, text).catch((error: Error) => {
    throw new CliError(`cannot write ${file}: ${error.message}`);
  });
  terminal().stderr.write(`evenkeel: wrote ${file}\n`);
}
