import { createReadStream } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** Where a clamd listens. */
export type ClamdAddress =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string };

/** `host:port`, `tcp://host:port`, `unix:/path`, or `/path`; undefined when it is none of these. */
export function readClamdAddress(text: string): ClamdAddress | undefined {
  const unix = /^(?:unix:(?:\/\/)?)?(\/.+)$/.exec(text)?.[1];
  if (unix) return { kind: 'unix', path: unix };
  const [, host, port] = /^(?:tcp:\/\/)?(\[[^\]]+\]|[^:/[\]]+):(\d{1,5})\/?$/.exec(text) ?? [];
  if (!host || !port || Number(port) > 65_535 || Number(port) === 0) return undefined;
  return { kind: 'tcp', host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/** The longest reply that is one. */
const REPLY_BYTES = 4_096;
const CHUNK = 1 << 16;

interface Asking {
  /** So long clamd may neither take nor say anything. */
  readonly idleMs: number;
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Pauses between chunks, attempt by attempt. A clamd that has had enough answers and hangs up while we still send, and a
 * write that meets the closed connection loses the answer. Who sends slowly nearly always hears it first.
 */
const PAUSES_MS = [0, 1, 2];

/**
 * Sends a file's bytes to clamd (INSTREAM: chunks behind their length in four bytes, a length of 0 at the end) and
 * returns its reply. Throws when there is none.
 */
export async function askClamd(address: ClamdAddress, path: string, asking: Asking): Promise<string> {
  for (const [attempt, pauseMs] of PAUSES_MS.entries()) {
    try {
      return await ask(address, path, asking, pauseMs);
    } catch (error) {
      asking.signal.throwIfAborted();
      if (attempt === PAUSES_MS.length - 1 || !isHangUp(error)) throw error;
    }
  }
  throw new Error('unreachable');
}

function isHangUp(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EPIPE' || error.code === 'ECONNRESET');
}

async function ask(address: ClamdAddress, path: string, asking: Asking, pauseMs: number): Promise<string> {
  const { idleMs, onBytes, signal } = asking;
  signal.throwIfAborted();
  const socket = address.kind === 'unix' ? connect(address.path) : connect(address.port, address.host);
  const stop = (): void => void socket.destroy(new Error('aborted'));
  signal.addEventListener('abort', stop, { once: true });
  socket.setTimeout(idleMs, () => socket.destroy(new Error(`no answer for ${idleMs / 1000} s`)));
  const reply = readReply(socket);
  const sending = send(socket, path, onBytes, pauseMs).catch((error: unknown) => error);
  try {
    return await reply;
  } finally {
    signal.removeEventListener('abort', stop);
    socket.destroy();
    await sending;
  }
}

function readReply(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let reply = '';
    let failure: Error | undefined;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      reply += text;
      const end = reply.indexOf('\0');
      if (end >= 0) resolve(reply.slice(0, end));
      else if (reply.length > REPLY_BYTES) socket.destroy(new Error('its answer does not end'));
    });
    socket.on('error', (error) => (failure = error));
    socket.on('close', () => reject(failure ?? new Error('it hung up without an answer')));
  });
}

async function send(socket: Socket, path: string, onBytes: (bytes: number) => void, pauseMs: number): Promise<void> {
  let bytes = 0;
  await write(socket, Buffer.from('zINSTREAM\0'));
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(chunk.length);
    await write(socket, Buffer.concat([length, chunk]));
    bytes += chunk.length;
    onBytes(bytes);
    if (pauseMs > 0) await setTimeout(pauseMs);
  }
  await write(socket, Buffer.alloc(4));
}

function write(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
