import type { ConnectionOptions, GrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];
type Call = ReturnType<Parameters<Interceptor>[1]>;
type Status = Parameters<GrpcRetryOptions['retryableDecider']>[1];

/** `CANCELLED`, by gRPC's numbers; the SDK hands on the types of that enumeration, and not its values. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
const GIVEN_UP = { code: 1, details: 'the connection is closed' } as Pick<Status, 'code' | 'details'>;

/**
 * Tries failed calls again as the SDK does, but no longer once the connection is closed: a try that the SDK has put off
 * until then would throw where nobody can catch it, and end the process ("Channel has been shut down").
 */
export function retryUntilClosed(retry: ReturnType<typeof makeGrpcRetryInterceptor>, closed: AbortSignal): Interceptor {
  return (options, nextCall) => retry(options, (again) => (closed.aborted ? givenUp() : nextCall(again)));
}

/** A call that never leaves this process. */
function givenUp(): Call {
  return {
    start: (metadata, listener) => listener?.onReceiveStatus?.({ ...GIVEN_UP, metadata }),
    sendMessage: () => undefined,
    sendMessageWithContext: () => undefined,
    halfClose: () => undefined,
    startRead: () => undefined,
    cancelWithStatus: () => undefined,
    getPeer: () => '',
    getAuthContext: () => null,
  };
}
