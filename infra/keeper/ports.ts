import { createHash } from 'node:crypto';
import { createServer } from 'node:net';

// Below what systems hand out to outgoing connections (from 32768 on Linux): such a port is rarely taken meanwhile.
const first = 20_000;
const pairs = 6_000;
const manyTries = 200;

/**
 * Free neighbouring ports on 127.0.0.1, two at most: the remembered ones when they are free, else ones that follow from the
 * folder's name, so that two environments rarely meet and one environment rarely moves.
 * @param wish `patienceMs`: how long to wait for the remembered ones, where whoever had them is just ending
 */
export async function choosePorts(wish: {
  readonly folder: string;
  readonly count: number;
  readonly remembered: readonly number[] | undefined;
  readonly patienceMs: number;
}): Promise<readonly number[]> {
  for (const end = Date.now() + wish.patienceMs; wish.remembered;) {
    if (await areFree(wish.remembered)) return wish.remembered;
    if (Date.now() >= end) break;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const start = createHash('sha256').update(wish.folder).digest().readUInt16BE(0);
  for (let index = 0; index < manyTries; index++) {
    const lowest = first + ((start + index) % pairs) * 2;
    const ports = Array.from({ length: wish.count }, (_, offset) => lowest + offset);
    if (await areFree(ports)) return ports;
  }
  throw new Error(
    `no free port among ${manyTries} that were tried from ${first} to ${first + 2 * pairs} on 127.0.0.1, for an embedded server.`,
  );
}

async function areFree(ports: readonly number[]): Promise<boolean> {
  for (const port of ports) if (!(await isFree(port))) return false;
  return true;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
