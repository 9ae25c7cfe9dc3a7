/** The one folder outside the project in which set-up leaves anything. Deleting it is always safe. */
export function cacheFolder(environment?: NodeJS.ProcessEnv): string;
/** Fills a folder or file under a temporary name and renames it to its place when `fill` is done. */
export function installAt(place: string, fill: (workFolder: string) => Promise<string>): Promise<void>;
/** Whether a process with this id exists, whoever owns it. */
export function isRunning(pid: number): boolean;
/** Whether a file is there and holds something. */
export function isFile(path: string): boolean;
