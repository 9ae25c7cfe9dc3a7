import { optional, required, type Contract } from './plain-count.ts';

/** What the sample's files promise, written down a second time and independently of `pipeline.ts`. */
export const salesContracts = {
  productos: {
    readers: {
      producto_id: required.code('prod'),
      nombre: required.text,
      categoria: required.text,
      precio: required.money,
    },
    key: ['producto_id'],
  },
  clientes: {
    readers: {
      cliente_id: required.code('cli'),
      nombre: required.text,
      ciudad: optional(required.text),
      email: optional(required.text),
      fecha_alta: required.date,
    },
    key: ['cliente_id'],
  },
  ventas: {
    readers: {
      venta_id: required.integer,
      fecha: required.date,
      cliente_id: optional(required.code('cli')),
      producto_id: required.code('prod'),
      cantidad: required.integer,
      precio_unitario: required.money,
    },
    key: ['venta_id'],
  },
  inventario: {
    readers: {
      producto_id: required.code('prod'),
      almacen: required.text,
      fecha: required.date,
      stock: required.integer,
    },
    key: ['producto_id', 'almacen', 'fecha'],
  },
} satisfies Record<string, Contract>;
