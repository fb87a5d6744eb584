import { openTaskWorld, type TaskWorld, type TaskWorldOptions } from '../../test/console/task-world.ts';
import { serveCalls } from '../child-program.ts';

let world: TaskWorld | undefined;

/** A node with a street of charging cars and its console, in a process of its own: the browser is measured without its load. */
export const handlers = {
  open: async (options: TaskWorldOptions): Promise<{ url: string; password: string }> => {
    world = await openTaskWorld(options);
    return { url: world.node.publicUrl, password: world.password };
  },
  close: async (): Promise<void> => void (await world?.[Symbol.asyncDispose]()),
};
serveCalls(handlers);
