import { answerView, type ViewAnswer } from './answer-view.ts';
import type { DeclaredView } from './declared-views.ts';
import { holdSession, type HeldSession } from './held-session.ts';

/** Answers views with a few DuckDB sessions that stay open; requests stand in line for the shortest queue. */
export interface ViewDesk {
  answer(view: DeclaredView): Promise<ViewAnswer>;
  /** Lets finish what was asked, then closes the sessions. */
  close(): Promise<void>;
}

export function openViewDesk(sessions = 2): ViewDesk {
  const clerks = Array.from({ length: sessions }, () => new Clerk());
  return {
    answer: (view) => {
      const shortest = clerks.reduce((best, clerk) => (clerk.waiting < best.waiting ? clerk : best));
      return shortest.answer(view);
    },
    close: async () => {
      await Promise.all(clerks.map((clerk) => clerk.close()));
    },
  };
}

/** One session and its queue. The session opens with the first question: a server nobody asks holds no memory for it. */
class Clerk {
  waiting = 0;
  #last: Promise<unknown> = Promise.resolve();
  #held: Promise<HeldSession> | undefined;

  answer(view: DeclaredView): Promise<ViewAnswer> {
    this.waiting += 1;
    const answer = this.#last.then(async () => answerView((await this.#session()).session, view));
    this.#last = answer.catch(() => undefined).finally(() => (this.waiting -= 1));
    return answer;
  }

  async close(): Promise<void> {
    await this.#last;
    const held = await this.#held?.catch(() => undefined);
    this.#held = undefined;
    await held?.close();
  }

  async #session(): Promise<HeldSession> {
    this.#held ??= holdSession();
    try {
      return await this.#held;
    } catch (error) {
      // The next question tries again: somebody may have mended it.
      this.#held = undefined;
      throw error;
    }
  }
}
