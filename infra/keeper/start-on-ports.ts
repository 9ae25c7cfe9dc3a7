import { choosePorts } from './ports.ts';
import { ServerFailure } from './server-failure.ts';

const portTries = 5;
/** How long a restart waits for its own ports, or for its predecessor, before it gives up. */
const patienceMs = 5_000;

export interface PortWish {
  /** The folder the server keeps its state in; where its ports are depends on its name. */
  readonly folder: string;
  /** How many neighbouring ports it needs. */
  readonly count: number;
  /** The ones it had before: taken again where they are free. */
  readonly remembered: readonly number[] | undefined;
  /** The ones its users already know: then no others will do. */
  readonly fixed: readonly number[] | undefined;
  /** A server that held the remembered ones has just been ended: they are free in a moment. */
  readonly justEnded: boolean;
}

/** Starts a server on ports that are free; where one is taken meanwhile, on others. */
export async function startOnPorts<Server>(
  wish: PortWish,
  start: (ports: readonly number[]) => Promise<Server>,
): Promise<Server> {
  const deadline = Date.now() + patienceMs;
  let remembered = wish.remembered;
  for (let attempt = 1; ; attempt++) {
    const ports =
      wish.fixed ?? (await choosePorts({ ...wish, remembered, patienceMs: wish.justEnded ? patienceMs : 0 }));
    try {
      return await start(ports);
    } catch (error) {
      if (!(error instanceof ServerFailure) || !error.passing) throw error;
      const others = error.passing === 'port taken' && !wish.fixed;
      if (others ? attempt >= portTries : Date.now() >= deadline) throw error;
      if (others) remembered = undefined;
      else await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
