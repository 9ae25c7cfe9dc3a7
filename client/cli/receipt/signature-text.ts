import type { Colors } from 'picocolors/types.js';
import { fingerprint, type SignatureCheck } from '../../../activities/receipt/signature.ts';
import type { EnvironmentSettings } from '../../../infra/settings/environment-settings.ts';
import { headed } from '../headed.ts';

type Trusted = EnvironmentSettings['receiptKeys']['trusted'];

/** What the signature of a receipt says, on one line. @param trusted the key that counts; absent when none was named */
export function signatureLine(check: SignatureCheck, trusted: Trusted, colors: Colors): string {
  return headed('signature', [words(check, trusted, colors)]).join('');
}

function words(check: SignatureCheck, trusted: Trusted, { green, yellow, red }: Colors): string {
  switch (check.state) {
    case 'valid':
      return green(`✓ valid, by the trusted key ${check.key}`);
    case 'untrusted':
      return trusted
        ? yellow(`! by the untrusted key ${check.key}; trusted is ${fingerprint(trusted)}`)
        : yellow(`! by the key ${check.key}, and nothing says whether to trust it (ACEQUIA_VERIFY_KEY does)`);
    case 'none':
      return trusted ? yellow('! none, though there is a key to verify with') : 'none';
    case 'altered':
      return red('✗ ALTERED: this receipt is not what was signed');
  }
}

/** What is said as loud as can be: what stands in such a receipt proves nothing. @param place of the receipt */
export function alteredText(why: string, place: string, { red }: Colors): string {
  return [
    red('✗ ALTERED: the receipt is not what was signed. Nothing in it can be relied on.'),
    `  where: ${place}`,
    `  why:   ${why}`,
    '  to do: take the receipt and its .sig from a backup, and find out who can write to the lake',
  ].join('\n');
}
