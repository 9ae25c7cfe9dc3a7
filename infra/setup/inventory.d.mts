/** A program that set-up found or provided. */
export interface FoundProgram {
  readonly path: string;
  readonly from: 'PATH' | 'cache';
}

/** The one folder outside the project in which set-up leaves anything. */
export function cacheFolder(environment?: NodeJS.ProcessEnv): string;
/** The folder of the package.json named "acequia", from sources and from dist/ alike. */
export function projectRoot(): string;
/** The file in dist/ that belongs to a TypeScript entry point, `infra/temporal/keeper.ts`. */
export function builtFile(source: string, root?: string): string;

/** The `temporal` program on this machine; undefined where set-up has not provided one. */
export function findTemporal(): FoundProgram | undefined;
/** The version set-up builds or keeps in the cache. */
export const temporalVersion: string;
/** False where TEMPORAL_ADDRESS or TEMPORAL_PROFILE names a server; the address `embedded` means none. */
export function usesOwnServer(environment?: NodeJS.ProcessEnv): boolean;

/** To give DuckDB as `extension_directory`, together with `autoinstall_known_extensions: 'false'`. */
export function duckdbExtensionDirectory(): string;

/** The malware scanner's daemon, and a folder that it needs on its library path; only the set-up for tests provides it. */
export function clamd(): (FoundProgram & { readonly libraries: string | undefined }) | undefined;

/** An emulator of BigQuery: the Python that runs it, its packages, and the folder with its extension; only the set-up for tests provides it. */
export function bigQueryEmulator(): (FoundProgram & { readonly packages: string; readonly home: string }) | undefined;

/** The time-skipping test server, for `existing-path`; only the set-up for tests provides it. */
export function testServer(): FoundProgram | undefined;

/** Servers that speak S3 and Google Cloud Storage; only the set-up for tests provides them. */
export function versitygw(): FoundProgram | undefined;
export function fakeGcs(): FoundProgram | undefined;
/** The Python that runs moto's server (`-m moto.server`), and what its PYTHONPATH must name; only the set-up for tests provides it. */
export function moto(): (FoundProgram & { readonly packages: string }) | undefined;
