import { writeFile } from './line-writer.mjs';

const NAMES = ['Ada', 'Blas', 'Carme', 'Diego', 'Elisa', 'Fermín', 'Gala', 'Hugo', 'Inés', 'Jordi'];
const COUNTRIES = ['ES', 'AR', 'MX', 'CO', 'CL', 'PT', 'BR'];
const CATEGORIES = ['books', 'office', 'home', 'garden', 'toys'];

/** @typedef {{ orders: number, users: number, products: number }} Size */

/**
 * @param {string} path
 * @param {Size} size
 * @param {() => number} random
 */
export function writeUsers(path, { users }, random) {
  writeFile(path, (put) => {
    put('user_id,name,email,country,updated_at\n');
    for (let i = 1; i <= users; i += 1) {
      const day = String(1 + Math.floor(random() * 28)).padStart(2, '0');
      put(`u-${i},${one(NAMES, random)},user${i}@example.com,${one(COUNTRIES, random)},2025-12-${day}T08:00:00Z\n`);
    }
  });
}

/**
 * @param {string} path
 * @param {Size} size
 * @param {() => number} random
 */
export function writeProducts(path, { products }, random) {
  writeFile(path, (put) => {
    put('[\n');
    for (let i = 1; i <= products; i += 1) {
      const price = (0.5 + random() * 99).toFixed(2);
      const category = one(CATEGORIES, random);
      put(`  {"sku":"P-${i}","name":"Product ${i}","category":"${category}","price":${price},"updated_at":"2025-11-20"}`);
      put(i === products ? '\n' : ',\n');
    }
    put(']\n');
  });
}

/**
 * @template T
 * @param {readonly T[]} all
 * @param {() => number} random
 */
function one(all, random) {
  return all[Math.floor(random() * all.length)];
}
