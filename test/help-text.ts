/** The commands that a help text lists: the lines below every heading but those of options and arguments. */
export const commandsIn = (help: string): string[] =>
  help
    .split(/\n\n/)
    .filter((part) => !/^(Options|Arguments|Usage):/.test(part))
    .flatMap((part) => [...part.matchAll(/^ {2}([a-z]+) .*$/gm)].map(([, name = '']) => name));
