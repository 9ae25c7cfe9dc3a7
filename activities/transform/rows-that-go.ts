import { identifier } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';

/** SQL: the number that a row has in its relation. */
export const ROW = '"row number"';

const GONE = '"rows that go"';

/** Rows of a relation, by its plain name, of which some are to be taken out: by their numbers, nothing is changed. */
export class RowsThatGo {
  /** SQL: the rows that are left, with their numbers. */
  readonly left: string;
  private readonly session: Session;

  private constructor(session: Session, relation: string) {
    this.session = session;
    const from = identifier(relation);
    this.left = `${from} ANTI JOIN temp.main.${GONE} AS gone ON gone."row" = ${from}.${ROW}`;
  }

  static async none(session: Session, relation: string): Promise<RowsThatGo> {
    await session.run(`CREATE OR REPLACE TEMP TABLE ${GONE} ("row" BIGINT)`);
    return new RowsThatGo(session, relation);
  }

  /** @param rows SQL that gives their numbers. @returns how many they are */
  take(rows: string): Promise<number> {
    return this.session.count(`INSERT INTO temp.main.${GONE} ${rows}`);
  }
}
