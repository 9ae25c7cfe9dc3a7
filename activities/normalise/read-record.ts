import { parsePath, type EmbeddedRule } from '../../workflows/definition/index.ts';
import { decodeEmbedded, UnreadableText } from './embedded.ts';
import { numbersAsText } from './numbers-as-text.ts';
import { structureOf } from './shape.ts';

/** A record that takes more than DuckDB's functions of JSON: a number that they would round, or a text that holds the record. */
export interface ReadRecord {
  /** As `json_structure` has it, of the record with what is embedded in it. */
  readonly structure: string;
  /** JSON whose numbers are texts, so that no digit is lost. */
  readonly values: string;
}

/** @param json valid. Returns why it cannot be read, for people, where that is so. */
export function readRecord(json: string, rules: readonly EmbeddedRule[]): ReadRecord | string {
  try {
    const whole = decoded(JSON.parse(json), rules);
    const exact = decoded(JSON.parse(numbersAsText(json)), rules);
    return { structure: JSON.stringify(structureOf(whole)), values: JSON.stringify(exact) };
  } catch (error) {
    if (error instanceof UnreadableText) return error.message;
    if (error instanceof RangeError) return 'the record is nested too deeply';
    throw error;
  }
}

function decoded(record: unknown, rules: readonly EmbeddedRule[]): unknown {
  for (const rule of rules) {
    const text = rule.at === '' ? record : memberOf(record, rule.at);
    if (typeof text !== 'string' || !applies(record, text, rule)) continue;
    const value = decodeEmbedded(text, rule.as);
    return rule.at === '' ? value : { ...(record as object), [rule.at]: value };
  }
  return record;
}

/** Without a condition a text is XML when it begins like it, and CSV otherwise. */
function applies(record: unknown, text: string, { as, when }: EmbeddedRule): boolean {
  if (when) return Object.entries(when).every(([name, value]) => memberOf(record, name) === value);
  return text.trimStart().startsWith('<') === (as === 'xml');
}

function memberOf(record: unknown, path: string): unknown {
  const [name = ''] = parsePath(path) ?? [];
  return typeof record === 'object' && record !== null && Object.hasOwn(record, name)
    ? (record as Record<string, unknown>)[name]
    : undefined;
}
