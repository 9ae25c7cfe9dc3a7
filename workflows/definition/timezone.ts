/** Whether a text names a time zone: `Europe/Madrid`, `UTC`. */
export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    // An offset is no zone: it knows no summer.
    return !/^[+-]/.test(name);
  } catch {
    return false;
  }
}
