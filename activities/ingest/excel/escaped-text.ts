/** Workbooks write characters that XML has no place for as `_x000D_`, and `_x005F_` where such a text is meant itself. */
export function unescaped(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
