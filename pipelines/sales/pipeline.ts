import { check, csv, definePipeline, sqlite } from '../../workflows/definition/index.ts';

const empresa = sqlite('empresa.db');

/** Dates as people type them besides 2025-03-07. The day always comes before the month, so no text has two readings. */
const date = { type: 'date!', formats: ['DD/MM/YYYY', 'DD-MM-YYYY', 'YYYY/MM/DD', 'D MMM YYYY'] };
const productId = { type: 'integer!', formats: ['prod#'] };

const guards = { freshWithin: '1d', badRows: { failAbove: '5%' } };

export default definePipeline({
  summary: 'Sales, customers, products and stock become one SQLite database, empresa.db',
  inbox: 'SALES_INBOX',
  sample: { asOf: '2025-09-30' },
  sources: {
    productos: csv('productos.csv', {
      ...guards,
      key: ['producto_id'],
      columns: { producto_id: productId, nombre: 'text!', categoria: 'text!', precio: 'decimal(10,2)!' },
    }),
    clientes: csv('clientes.csv', {
      ...guards,
      key: ['cliente_id'],
      columns: {
        cliente_id: { type: 'integer!', formats: ['cli#'] },
        nombre: 'text!',
        ciudad: 'text',
        email: 'text',
        fecha_alta: date,
      },
    }),
    ventas: csv('ventas.csv', {
      ...guards,
      key: ['venta_id'],
      columns: {
        venta_id: 'integer!',
        fecha: date,
        // May be empty: a sale over the counter has no customer, and is a sale all the same.
        cliente_id: { type: 'integer', formats: ['cli#'] },
        producto_id: productId,
        cantidad: 'integer!',
        precio_unitario: 'decimal(10,2)!',
      },
    }),
    inventario: csv('inventario.csv', {
      ...guards,
      key: ['producto_id', 'almacen', 'fecha'],
      columns: { producto_id: productId, almacen: 'text!', fecha: date, stock: 'integer!' },
    }),
  },
  models: {
    productos: {
      key: ['producto_id'],
      onePer: 'productos',
      indexes: [['categoria']],
      checks: [check.that('precio >= 0', { name: 'productos: price is not negative' })],
      publish: [empresa],
    },
    clientes: { key: ['cliente_id'], onePer: 'clientes', indexes: [['ciudad']], publish: [empresa] },
    ventas: {
      key: ['venta_id'],
      onePer: 'ventas',
      references: { producto_id: 'productos.producto_id', cliente_id: 'clientes.cliente_id' },
      indexes: [['fecha'], ['ciudad']],
      checks: [
        check.that('cantidad >= 0', { name: 'ventas: quantity is not negative' }),
        check.that('cantidad <> 0', { name: 'ventas: no returns (quantity 0)', severity: 'warning' }),
        check.that('precio_unitario >= 0', { name: 'ventas: price is not negative' }),
        check.that("fecha <= getvariable('as_of')", {
          name: 'ventas: no sale is dated in the future',
          severity: 'warning',
        }),
        check.references('producto_id', { name: 'ventas: product exists', blocking: false }),
        check.references('cliente_id', { name: 'ventas: customer exists', severity: 'warning' }),
      ],
      publish: [empresa],
    },
    inventario: {
      key: ['producto_id', 'almacen', 'fecha'],
      onePer: 'inventario',
      references: { producto_id: 'productos.producto_id' },
      indexes: [['almacen'], ['fecha']],
      checks: [
        check.that('stock >= 0', { name: 'inventario: stock is not negative' }),
        check.references('producto_id', { name: 'inventario: product exists', blocking: false }),
      ],
      publish: [empresa],
    },
  },
  upload: { to: 'SALES_UPLOAD_URL', of: [empresa, 'tables', 'inputs'] },
  views: {
    'ventas/resumen_por_categoria': { from: empresa, as: 'object', summary: 'Units sold by product category' },
  },
});
