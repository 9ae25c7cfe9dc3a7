import { connect } from 'node:http2';

const path = '/grpc.health.v1.Health/Check';
const service = 'temporal.api.workflowservice.v1.WorkflowService';
const serving = 1;

/**
 * Asks a Temporal frontend whether it serves, by the standard gRPC health check. Written on plain HTTP/2, because a gRPC
 * library would take longer to load than the server takes to start.
 */
export function serves(port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const session = connect(`http://127.0.0.1:${port}`);
    const settle = (result: boolean) => {
      clearTimeout(limit);
      session.destroy();
      resolve(result);
    };
    const limit = setTimeout(settle, timeoutMs, false);
    session.once('error', () => settle(false));
    const request = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const answer: Buffer[] = [];
    request.on('data', (data: Buffer) => answer.push(data));
    request.once('error', () => settle(false));
    request.once('end', () => settle(statusIn(Buffer.concat(answer)) === serving));
    request.end(framed(Buffer.concat([Buffer.from([0x0a, service.length]), Buffer.from(service)])));
  });
}

/** A gRPC message: one byte "not compressed", four of length, then the message. */
function framed(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** Field 1 of HealthCheckResponse. */
function statusIn(frame: Buffer): number | undefined {
  return frame[5] === 0x08 ? frame[6] : undefined;
}
