import type { RunSnapshot } from './run-snapshot.ts';
import { liveLines } from './live-lines.ts';
import { plainLines } from './plain-lines.ts';
import { colorsFor } from './terminal.ts';

/** Where a command shows how far it is; always standard error, so that standard output holds the result alone. */
export interface Screen {
  /** Shows one run's state; other runs of the same command keep theirs. */
  show(snapshot: RunSnapshot): void;
  /** Says one line above whatever moves. */
  say(line: string): void;
  /** Leaves the last state standing and stops drawing. */
  end(): void;
}

const DRAW_EVERY_MS = 80;

/** A region that redraws itself on a terminal, plain lines anywhere else. */
export async function openScreen(stream: NodeJS.WriteStream): Promise<Screen> {
  // Some terminals of CI systems have no size; a region of no height would show nothing.
  return stream.isTTY && stream.rows > 0 ? openLive(stream) : openPlain(stream);
}

export function openPlain(stream: NodeJS.WritableStream): Screen {
  const shown = new Map<string, RunSnapshot>();
  return {
    show: (snapshot) => {
      const lines = plainLines(shown.get(snapshot.pipeline), snapshot, Date.now());
      shown.set(snapshot.pipeline, snapshot);
      for (const line of lines) stream.write(`${line}\n`);
    },
    say: (line) => void stream.write(`${line}\n`),
    end: () => undefined,
  };
}

async function openLive(stream: NodeJS.WriteStream): Promise<Screen> {
  const { createLogUpdate } = await import('log-update');
  const region = createLogUpdate(stream);
  const colors = colorsFor(stream);
  const shown = new Map<string, RunSnapshot>();
  let frame = 0;
  let ended = false;
  const draw = (): void => {
    if (shown.size === 0) return;
    const lines = liveLines([...shown.values()], Date.now(), { colors, frame, columns: stream.columns || 80 });
    frame += 1;
    region(lines.join('\n'));
  };
  const timer = setInterval(draw, DRAW_EVERY_MS);
  timer.unref();
  return {
    show: (snapshot) => {
      shown.set(snapshot.pipeline, snapshot);
      if (!ended) draw();
    },
    say: (line) => {
      region.clear();
      stream.write(`${line}\n`);
      if (!ended) draw();
    },
    end: () => {
      if (ended) return;
      ended = true;
      clearInterval(timer);
      draw();
      region.done();
    },
  };
}
