/** Whether a server's URL gives a password away: before the `@`, or as a parameter. It need not be a sound URL. */
export function holdsPassword(url: string): boolean {
  const behindScheme = url.replace(/^[a-z]+:\/*/i, '');
  return /:.*@/s.test(behindScheme) || /[?&](?:ssl)?password=/i.test(behindScheme);
}
