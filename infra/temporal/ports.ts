import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import type { Ports } from './server-record.ts';

// Below what systems hand out to outgoing connections (from 32768 on Linux): such a port is rarely taken meanwhile.
const first = 20_000;
const pairs = 6_000;
const manyTries = 200;

/**
 * Two free ports on 127.0.0.1: the remembered ones when they are free, else ones that follow from the folder's name,
 * so that two environments rarely meet and one environment rarely moves.
 * @param patienceMs how long to wait for the remembered ones, where whoever had them is just ending
 */
export async function choosePorts(
  environmentFolder: string,
  remembered: Ports | undefined,
  patienceMs: number,
): Promise<Ports> {
  for (const end = Date.now() + patienceMs; remembered;) {
    if (await areFree(remembered)) return remembered;
    if (Date.now() >= end) break;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const start = createHash('sha256').update(environmentFolder).digest().readUInt16BE(0);
  for (let index = 0; index < manyTries; index++) {
    const grpc = first + ((start + index) % pairs) * 2;
    const ports = { grpc, ui: grpc + 1 };
    if (await areFree(ports)) return ports;
  }
  throw new Error(
    `none of ${manyTries} pairs of ports from ${first} to ${first + 2 * pairs} on 127.0.0.1 is free for the embedded Temporal server.`,
  );
}

async function areFree({ grpc, ui }: Ports): Promise<boolean> {
  return (await isFree(grpc)) && (await isFree(ui));
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
