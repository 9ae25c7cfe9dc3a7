/** The sample: file name → text. The same on every machine and every day. */
export function generateSample(): Record<string, string>;
