import { modelTest } from '../../../workflows/definition/index.ts';

const venta = {
  venta_id: 1,
  fecha: '2025-03-07',
  cliente_id: 7,
  producto_id: 3,
  cantidad: 3,
  precio_unitario: '19.99',
};

export default [
  modelTest('a sale takes the city of its customer', {
    given: {
      'source.ventas': [venta],
      clientes: [
        { cliente_id: 7, ciudad: 'Madrid' },
        { cliente_id: 8, ciudad: 'Sevilla' },
      ],
    },
    expect: [{ venta_id: 1, cliente_id: 7, ciudad: 'Madrid' }],
  }),

  modelTest('the amount is exact: quantity by unit price, in cents', {
    given: {
      'source.ventas': [
        venta,
        { ...venta, venta_id: 2, cantidad: 1_000_000, precio_unitario: '99999.99' },
        { ...venta, venta_id: 3, cantidad: 3, precio_unitario: '0.10' },
      ],
    },
    expect: [
      { venta_id: 1, importe: '59.97' },
      { venta_id: 2, importe: '99999990000.00' },
      { venta_id: 3, importe: '0.30' },
    ],
  }),

  modelTest('a sale by nobody, by an unknown customer, or by one without a city stays a sale', {
    given: {
      'source.ventas': [
        { ...venta, venta_id: 1, cliente_id: null },
        { ...venta, venta_id: 2, cliente_id: 31 },
        { ...venta, venta_id: 3, cliente_id: 8 },
      ],
      clientes: [{ cliente_id: 8, ciudad: null }],
    },
    expect: [
      { venta_id: 1, cliente_id: null, ciudad: 'ciudad_desconocida' },
      { venta_id: 2, cliente_id: 31, ciudad: 'ciudad_desconocida' },
      { venta_id: 3, cliente_id: 8, ciudad: 'ciudad_desconocida' },
    ],
  }),

  modelTest('a return is kept, with an amount of nothing', {
    given: { 'source.ventas': [{ ...venta, cantidad: 0 }] },
    expect: [{ venta_id: 1, cantidad: 0, importe: '0.00' }],
  }),
];
