import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const IN_MEMORY = '/dev/shm';

/**
 * A folder for temporary files: in memory when that much room is there, else on the disk. A commit waits for the disk, and so does the
 * removal of thousands of files; no test stops the machine.
 */
export function folderWithRoom(bytes: number): string {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return bavail * bsize >= bytes ? IN_MEMORY : tmpdir();
  } catch {
    return tmpdir(); // this system has no /dev/shm
  }
}
