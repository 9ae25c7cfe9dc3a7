/**
 * Reads a type with its formats as one word: `date!|DD/MM/YYYY|D MMM YYYY`. A boolean's format is itself two spellings
 * with a bar between them: `boolean|sí|no|1|0` has `sí|no` and `1|0`.
 */
export function parseDeclaredType(text: string): { readonly type: string; readonly formats: readonly string[] } {
  const [type = '', ...parts] = text.split('|');
  if (!/^boolean!?$/.test(type)) return { type, formats: parts };
  const formats: string[] = [];
  for (let at = 0; at < parts.length; at += 2) formats.push(parts.slice(at, at + 2).join('|'));
  return { type, formats };
}
