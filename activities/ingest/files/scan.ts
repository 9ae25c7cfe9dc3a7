import { AcequiaError } from '../../failure/acequia-error.ts';
import { askClamd, readClamdAddress } from './clamd-client.ts';

export interface ScanSettings {
  /** clamd's: `host:port`, `tcp://host:port`, `unix:/path` or `/path`. */
  readonly address: string;
  /** A scanner that cannot be asked is an error; else a warning, and the file is read. */
  readonly required: boolean;
  /** So long clamd may be silent. Default: five minutes, as large archives take it long. */
  readonly idleMs?: number;
}

/**
 * Has a local file scanned by clamd. Returns warnings.
 * Errors: `SourceInfected` with the signature's name; `SourceRefused` for a file larger than clamd takes;
 * `ScannerUnreachable` where a scan is required; `SettingMissing` for an address that is none; the signal's reason.
 */
export async function scanFile(
  path: string,
  name: string,
  settings: ScanSettings,
  work: { readonly onBytes: (bytes: number) => void; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const address = readClamdAddress(settings.address);
  if (!address) {
    throw new AcequiaError('SettingMissing', {
      what: `"${settings.address}" is no address of clamd.`,
      remedy: 'set it to host:port or to the path of its socket, for example 127.0.0.1:3310 or /run/clamav/clamd.ctl',
    });
  }
  try {
    const reply = await askClamd(address, path, { idleMs: settings.idleMs ?? 300_000, ...work });
    return judge(reply, name, settings);
  } catch (error) {
    work.signal.throwIfAborted();
    if (error instanceof AcequiaError) throw error;
    return notScanned(name, settings, error instanceof Error ? error.message : String(error), error);
  }
}

function judge(reply: string, name: string, settings: ScanSettings): readonly string[] {
  if (reply === 'stream: OK') return [];
  const signature = /^stream: (.+) FOUND$/.exec(reply)?.[1];
  if (signature?.startsWith('Heuristics.Limits.Exceeded')) throw tooLarge(name, `It says ${signature}.`);
  if (signature) {
    throw new AcequiaError('SourceInfected', {
      what: `The malware scanner found ${signature}.`,
      where: name,
      remedy: 'do not open the file; tell whoever sent it, and put a clean one in its place',
    });
  }
  if (/size limit exceeded/i.test(reply)) throw tooLarge(name, 'It says that its size limit is exceeded.');
  return notScanned(name, settings, `clamd answered: ${printable(reply)}`);
}

function notScanned(name: string, settings: ScanSettings, why: string, cause?: unknown): readonly string[] {
  if (!settings.required) return [`not scanned for malware: clamd at ${settings.address} could not be asked (${why})`];
  throw new AcequiaError('ScannerUnreachable', {
    what: 'The file could not be scanned for malware, and a scan is required.',
    where: name,
    why: `clamd at ${settings.address}: ${why}`,
    remedy: 'start clamd, or mend its address; the file is tried again by itself',
    ...(cause === undefined ? {} : { cause }),
  });
}

function tooLarge(name: string, why: string): AcequiaError {
  return new AcequiaError('SourceRefused', {
    what: 'The file is larger than the malware scanner takes, so it was not scanned whole.',
    where: name,
    why,
    remedy: 'raise StreamMaxLength, MaxScanSize and MaxFileSize in clamd.conf, or split the file',
  });
}

function printable(reply: string): string {
  return JSON.stringify(reply.slice(0, 200));
}
