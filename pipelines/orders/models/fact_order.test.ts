import { modelTest } from '../../../workflows/definition/index.ts';

const orders = [{ order_id: 'o1', user_id: 'u1', created_at: '2026-01-15 23:30:00+00', _row: 'a:1', version: 1 }];

export default [
  modelTest('one row for each item, with what it costs, the country and the category', {
    given: {
      orders,
      items: [
        { order_id: 'o1', item: 1, sku: 'BOOK', qty: 2, price: '12.50' },
        { order_id: 'o1', item: 2, sku: 'PEN', qty: 3, price: '0.95' },
      ],
      dim_user: [{ user_id: 'u1', country: 'ES' }],
      dim_product: [{ sku: 'BOOK', category: 'books' }],
    },
    expect: [
      { order_id: 'o1', item: 1, sku: 'BOOK', amount: '25.00', user_country: 'ES', category: 'books' },
      { order_id: 'o1', item: 2, sku: 'PEN', amount: '2.85', user_country: 'ES', category: null },
    ],
  }),
  modelTest('an order without items keeps one row, whose item is 0; its day is that of UTC', {
    given: { orders },
    expect: [{ order_id: 'o1', item: 0, sku: null, qty: null, amount: null, created_date: '2026-01-15' }],
  }),
];
