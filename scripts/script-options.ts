import { type ParseArgsConfig, parseArgs } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * Reads the options of a script. `--help` prints `usage` and ends the process with 0; an unknown option, or a name where the script takes
 * none, prints one line and `usage`, and ends it with 2. Nothing else has run by then (F-79).
 */
export function readOptions<const O extends Options>(usage: string, options: O, allowPositionals = false) {
  const read = parse(options, allowPositionals);
  if (typeof read === 'string') return end(2, `${read}\n${usage}`);
  if (Reflect.get(read.values, 'help') === true) return end(0, usage);
  return read;
}

function parse<const O extends Options>(options: O, allowPositionals: boolean) {
  try {
    return parseArgs({ options: { ...options, help: { type: 'boolean' } } as O, allowPositionals });
  } catch (error) {
    return error instanceof Error ? (error.message.split('. ')[0] ?? error.message) : String(error);
  }
}

function end(code: 0 | 2, text: string): never {
  (code === 0 ? process.stdout : process.stderr).write(`${text}\n`);
  process.exit(code);
}
