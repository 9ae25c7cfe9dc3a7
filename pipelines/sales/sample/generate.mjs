// Makes the sample files anew: node pipelines/sales/sample/generate.mjs
import { realpathSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { customersFile, productsFile } from './generator/catalogue.mjs';
import { inventoryFile } from './generator/inventory.mjs';
import { seededRandom } from './generator/random.mjs';
import { salesFile } from './generator/sales.mjs';

/**
 * The sample: file name → text. The same on every machine and every day.
 * @returns {Record<string, string>}
 */
export function generateSample() {
  return {
    'productos.csv': productsFile(),
    'clientes.csv': customersFile(),
    'ventas.csv': salesFile(seededRandom(20_250_930)),
    'inventario.csv': inventoryFile(seededRandom(5_000)),
  };
}

if (argv[1] && realpathSync(argv[1]) === fileURLToPath(import.meta.url)) {
  for (const [name, text] of Object.entries(generateSample())) {
    writeFileSync(new URL(name, import.meta.url), text);
  }
}
