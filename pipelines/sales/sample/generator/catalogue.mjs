import { dayNumber, spellings } from './dates.mjs';
import { code, file, line, price } from './lines.mjs';

/** The place in the list plus one is the product's number. Prices are in cents. */
export const PRODUCTS = [
  { name: 'Portátil de 14 pulgadas', category: 'Electronicos', cents: 74900 },
  { name: 'Auriculares inalámbricos', category: 'Electronicos', cents: 5995 },
  { name: 'Teclado mecánico', category: 'Electronicos', cents: 8450 },
  { name: 'Camiseta de algodón', category: 'Ropa', cents: 1499 },
  { name: 'Pantalón vaquero', category: 'Ropa', cents: 3995 },
  { name: 'Chaqueta impermeable', category: 'Ropa', cents: 6900 },
  { name: 'Mochila urbana', category: 'Accesorios', cents: 4290 },
  { name: 'Gafas de sol', category: 'Accesorios', cents: 2950 },
  { name: 'Cinturón de piel', category: 'Accesorios', cents: 2475 },
  { name: 'Disco SSD externo, 1 TB', category: 'Almacenamiento', cents: 9999 },
];

/** Sold, and in no catalogue: number and price of the product that somebody forgot to enter. */
export const UNLISTED_PRODUCT = { number: 11, cents: 1990 };

/** Name, city, start of the address, day of registration. */
const CUSTOMERS = [
  ['María Gómez Ibáñez', 'Madrid', 'maria.gomez', '2022-01-17'],
  ['José Luis Peña', 'Sevilla', 'jl.pena', '2022-02-03'],
  ['Begoña Núñez', 'Bilbao', 'begona', '2022-03-29'],
  ['Ferretería Peñalver, S.L.', 'Málaga', 'compras.penalver', '2022-05-11'],
  ['Íñigo Echeverría', 'Donostia-San Sebastián', 'inigo.e', '2022-06-08'],
  ['Núria Vilà i Puig', 'Barcelona', 'nvila', '2022-07-21'],
  ['Ángel Martín Rojo', 'Valladolid', 'angel.martin', '2022-09-02'],
  ['Lucía Fernández Sáez', 'Oviedo', 'lucia.fs', '2022-10-14'],
  ['Bar "La Acequia"', 'Valencia', 'reservas.acequia', '2022-11-30'],
  ['Xoán Castiñeira', 'A Coruña', 'xoan', '2023-01-09'],
  ['Concepción Yáñez', 'Cádiz', 'concha.yanez', '2023-02-24'],
  ['Raúl Cañizares', 'Murcia', 'raul.canizares', '2023-03-13'],
  ['Inés Agüero', 'Zaragoza', 'ines.aguero', '2023-04-28'],
  ['Óscar Domínguez', 'Santa Cruz de Tenerife', 'oscar.d', '2023-06-19'],
  ['Montserrat Solé', 'Girona', 'msole', '2023-08-01'],
  ['Andrés Muñoz Leal', 'Córdoba', 'andres.ml', '2023-09-15'],
  ['Catalina Ferrà', 'Palma', 'cati.ferra', '2023-10-26'],
  ['Julián Peralta', 'Logroño', 'julian.peralta', '2023-11-07'],
  ['Sofía Argüelles', 'Gijón', 'sofia.arguelles', '2023-12-12'],
  ['Elena Güemes', 'Santander', 'elena', '2024-01-05'],
];

export const CUSTOMER_COUNT = CUSTOMERS.length;

export function productsFile() {
  const lines = PRODUCTS.map(({ name, category, cents }, index) =>
    line([code('prod', index + 1), name, category, price(cents)]),
  );
  return file('producto_id,nombre,categoria,precio', lines);
}

/** Each spelling of a date comes up in turn. */
export function customersFile() {
  const lines = CUSTOMERS.map(([name, city, address, since], index) => {
    const dates = spellings(dayNumber(since));
    return line([code('cli', index + 1), name, city, `${address}@example.com`, dates[index % dates.length]]);
  });
  return file('cliente_id,nombre,ciudad,email,fecha_alta', lines);
}
