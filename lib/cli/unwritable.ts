import { access, constants } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** What is wrong with an option that names a file to write: its folder is not there, or nothing may be written in it. */
export async function unwritable(flag: string, path: string): Promise<string[]> {
  try {
    await access(dirname(resolve(path)), constants.W_OK);
    return [];
  } catch (error) {
    return [`${flag}: ${path} cannot be written (${error instanceof Error ? error.message : String(error)})`];
  }
}
