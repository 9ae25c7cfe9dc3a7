import {
  contractTables,
  destinationName,
  isOfDatabase,
  isRowCheck,
  parseColumnType,
  type PipelineDefinition,
  type SourcePlan,
} from '../../workflows/definition/index.ts';
import { isWholePlace } from '../files/source-place.ts';

/** What `from` leaves no room for: the table is as it was staged. */
const NOT_BESIDE_FROM = ['onePer', 'keepLatestBy', 'partOf', 'since', 'badRows'] as const;

const CURSOR_TYPES: readonly string[] = ['timestamptz', 'timestamp'];

/** What is said of tables that are taken over from sources as they are. */
export function takenOverProblems({ models, sources }: PipelineDefinition): string[] {
  return Object.entries(models).flatMap(([name, model]) => {
    const checks = model.checks ?? [];
    const at = `models.${name}`;
    const source = sources[model.from?.replace(/^source\./, '') ?? ''];
    const isCounted = source !== undefined && isOfDatabase(source);
    const uncounted = checks.flatMap((check, i) =>
      check.kind === 'row-count' && !isCounted
        ? [`${at}.checks[${i}]: rows are counted in databases, and ${name} is not taken over from one by "from".`]
        : [],
    );
    if (model.from === undefined) return uncounted;
    return [
      ...uncounted,
      ...(model.publish?.length ? [] : [`${at}.publish: is missing; a table is taken over to be published.`]),
      ...NOT_BESIDE_FROM.filter((option) => model[option] !== undefined).map(
        (option) => `${at}.${option}: means nothing beside "from": say it of the source, or write models/${name}.sql.`,
      ),
      ...checks.flatMap((check, i) =>
        isRowCheck(check) && check.remedy !== undefined
          ? [
              `${at}.checks[${i}].remedy: means nothing beside "from": nothing makes the table; write models/${name}.sql.`,
            ]
          : [],
      ),
    ];
  });
}

/** A part of a table must never be taken for the whole of it. */
export function cursorProblems({ models, sources }: PipelineDefinition): string[] {
  return Object.entries(sources).flatMap(([name, source]) => {
    if (source.kind !== 'postgres' || source.cursor === undefined) return [];
    const at = `sources.${name}.cursor`;
    const { column } = source.cursor;
    const spec = source.columns[column];
    const type = parseColumnType(typeof spec === 'string' ? spec : (spec?.type ?? ''))?.type.kind;
    const readers = Object.entries(models).filter(([, { from }]) => from === `source.${name}`);
    return [
      ...(spec === undefined ? [`${at}.column: the contract of ${name} has no column "${column}".`] : []),
      ...(type !== undefined && !CURSOR_TYPES.includes(type)
        ? [
            `${at}.column: "${column}" is ${type}; an instant says when a row has changed: ${CURSOR_TYPES.join(' or ')}.`,
          ]
        : []),
      ...readers.flatMap(([model, { publish = [] }]) =>
        publish
          .filter(({ mode }) => mode !== 'merge')
          .map(
            (to) =>
              `models.${model}: in ${destinationName(to)} mode ${to.mode ?? 'replace'} would take a part of ${name} for all of it; say mode: 'merge'.`,
          ),
      ),
    ];
  });
}

/** Checks look at tables that are read in parts where those stand first, and that is one place. */
export function firstPlaceProblems({ models, sources }: PipelineDefinition): string[] {
  const first = Object.entries(models).flatMap(([model, { from = '', publish = [] }]) => {
    const [to] = publish;
    const source = sources[from.replace(/^source\./, '')];
    return to && source?.kind === 'postgres' && source.cursor !== undefined
      ? [{ model, place: destinationName(to) }]
      : [];
  });
  const [one, ...others] = first;
  const other = others.find(({ place }) => place !== one?.place);
  if (!one || !other) return [];
  return [
    `models.${other.model}.publish: tables that are read in parts are published to the same place first: ${one.model} to ${one.place}, ${other.model} to ${other.place}.`,
  ];
}

/**
 * Tables that would be made of a part of the rows as if those were all: by SQL, or of lists, which no load finds again whose
 * record has none any more.
 *
 * @param inputs model → the tables that it reads
 */
export function partialInputProblems(
  { models, sources }: PipelineDefinition,
  compiled: readonly SourcePlan[],
  inputs: ReadonlyMap<string, readonly string[]>,
): string[] {
  const inParts = compiled.filter(({ name }) => {
    const source = sources[name];
    return source?.kind === 'postgres' && source.cursor !== undefined;
  });
  const records = new Set(inParts.map(({ name }) => `source.${name}`));
  const tables = new Set(inParts.flatMap((source) => contractTables(source).map(({ name }) => `source.${name}`)));
  return [...inputs].flatMap(([model, names]) => {
    const isSql = models[model]?.from === undefined;
    return names.flatMap((name) => {
      if (isSql && tables.has(name))
        return [`models/${model}.sql reads "${name}", of which a run reads only a part (sources.*.cursor).`];
      if (!isSql && tables.has(name) && !records.has(name))
        return [
          `models.${model}: "${name}" is of lists of a table that is read in parts; leave the cursor out, or the list as JSON.`,
        ];
      return [];
    });
  });
}

/** Files lie somewhere: below an inbox, where they name no place of their own. */
export function inboxProblems({ inbox, sources }: PipelineDefinition): string[] {
  const files = Object.entries(sources).filter(([, source]) => !isOfDatabase(source) && !isWholePlace(source.path));
  if (inbox !== undefined || files.length === 0) return [];
  return [`inbox: is missing; ${files.map(([name]) => `sources.${name}`).join(', ')} are files below it.`];
}
