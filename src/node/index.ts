/** The public door of a node: `await using node = await createNode(config)`. */
export type { Config } from './config.ts';
export { type Mistake, parseConfig, readConfigFile } from './config-file.ts';
export type { Journal, Step } from './journal.ts';
export type { Log, LogLevel } from './log.ts';
export { createNode, type Node, type NodeOptions } from './node.ts';
