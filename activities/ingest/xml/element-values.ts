/** An element with this attribute, and `true` in it, has no value. */
export const NIL = 'xsi:nil';

export function isTrue(value: string): boolean {
  return value === 'true' || value === '1';
}

/** A declaration of namespaces is no attribute of the data. */
export function isNamespace(attribute: string): boolean {
  return attribute.startsWith('xmlns') && (attribute.length === 5 || attribute[5] === ':');
}

/** White space as XML has it. */
export function isWhite(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x09 && code !== 0x0d) return false;
  }
  return true;
}

/** White space with a line break in it: how a file is laid out, beside attributes. */
export function isLayout(text: string): boolean {
  return isWhite(text) && text.includes('\n');
}
