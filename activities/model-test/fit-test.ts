import { closest } from '../../workflows/definition/closest.ts';
import type { ModelPlan, ModelTest, TestRow } from '../../workflows/definition/index.ts';
import type { TableColumns } from '../plan/bind-models.ts';

/** What a test may name: the columns of the model's inputs, and its own. */
export interface TestedTables {
  readonly model: Pick<ModelPlan, 'name' | 'sql' | 'inputs'>;
  readonly inputs: ReadonlyMap<string, TableColumns>;
  readonly columns: TableColumns;
}

/** Every name in a test that no table has, and an expectation that does not say what is compared. */
export function namesThatDoNotFit({ given, expect }: ModelTest, { model, inputs, columns }: TestedTables): string[] {
  const known = [...inputs.keys()];
  const unfit = Object.entries(given).flatMap(([input, rows]) => {
    const table = inputs.get(input);
    if (table) return unknownColumns(`given ${input}`, rows, table);
    const meant = known.includes(`source.${input}`) ? ` Did you mean "source.${input}"?` : closest(input, known);
    return [
      `given: models/${model.name}.sql does not read "${input}".${meant} It reads: ${known.join(', ') || 'nothing'}`,
    ];
  });
  return [...unfit, ...unknownColumns('expect', expect, columns), ...unlike(expect)];
}

/** Of a name that several rows have, the first of them. */
function unknownColumns(label: string, rows: readonly TestRow[], table: TableColumns): string[] {
  const names = table.map(({ name }) => name);
  const told = new Set(names);
  return rows.flatMap((row, index) =>
    Object.keys(row)
      .filter((name) => !told.has(name) && told.add(name))
      .map(
        (name) =>
          `${label}, row ${index + 1}: there is no column "${name}".${closest(name, names)} There are: ${names.join(', ')}`,
      ),
  );
}

/** A row that names fewer columns would leave open whether the others are compared. */
function unlike([first, ...others]: readonly TestRow[]): string[] {
  if (!first) return [];
  const names = Object.keys(first);
  if (names.length === 0) return ['expect, row 1: it names no column'];
  return others.flatMap((row, index) => {
    const differing = [
      ...names.filter((name) => !Object.hasOwn(row, name)).map((name) => `"${name}" is missing`),
      ...Object.keys(row)
        .filter((name) => !names.includes(name))
        .map((name) => `row 1 has no "${name}"`),
    ];
    return differing.length === 0
      ? []
      : [`expect, row ${index + 2}: ${differing.join(', ')}; all rows name the same columns`];
  });
}

/** A day of its own is needed where neither the test nor a sample gives one: a test that passes today must pass tomorrow. */
export function lacksAsOf({ sql }: Pick<ModelPlan, 'sql'>, asOf: string | undefined): boolean {
  return asOf === undefined && /\bgetvariable\s*\(\s*'as_of'\s*\)/i.test(sql);
}
