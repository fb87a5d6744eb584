import { enableCompileCache } from 'node:module';

// Loading the libraries takes most of the start time. The cache keeps them in compiled form for the next start.
enableCompileCache();
const { runCommandLine } = await import('./command-line.ts');

process.stdout.on('error', () => process.exit(0)); // the reader, such as head, has closed the pipe
process.exitCode = await runCommandLine(process.argv.slice(2), process);
// What was written to a pipe may not have left the process yet, and an exit would cut it off.
for (const stream of [process.stdout, process.stderr]) await new Promise((resolve) => stream.write('', resolve));
// The command has closed everything that it opened, but libraries may keep sockets open, which would delay the exit.
process.exit();
