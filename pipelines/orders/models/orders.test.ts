import { modelTest } from '../../../workflows/definition/index.ts';

const users = [{ user_id: 'u1' }];
const order = { order_id: 'o1', user_id: 'u1', created_at: '2026-01-15 10:00:00+00', _row: 'a:1' };
const item = { _parent: 'a:1', _position: 1, sku: 'BOOK', qty: 2, price: '12.50' };

export default [
  modelTest('an order knows how many items it has; without any it has none', {
    given: {
      dim_user: users,
      'source.orders': [order, { ...order, order_id: 'o2', _row: 'a:2' }],
      'source.orders_items': [item, { ...item, _position: 2, sku: 'PEN' }],
    },
    expect: [
      { order_id: 'o1', items: 2, least_qty: 2 },
      { order_id: 'o2', items: 0, least_qty: 0 },
    ],
    quarantined: {},
  }),
  modelTest('of the versions of an order the latest valid one stays', {
    given: {
      dim_user: users,
      'source.orders': [
        { ...order, _row: 'a:1' },
        { ...order, _row: 'a:2', updated_at: '2026-01-16 08:00:00+00' },
        { ...order, _row: 'a:3', updated_at: '2026-01-17 08:00:00+00' },
      ],
      'source.orders_items': [{ ...item, _parent: 'a:3', qty: -1 }],
    },
    expect: [{ order_id: 'o1', changed_at: '2026-01-16 08:00:00+00', _row: 'a:2' }],
    quarantined: { 'negative quantity': 1 },
  }),
  modelTest('an unknown user, a negative quantity, an item without a price: each has its reason', {
    given: {
      dim_user: users,
      'source.orders': [
        { ...order, order_id: 'o1', user_id: 'nobody', _row: 'a:1' },
        { ...order, order_id: 'o2', _row: 'a:2' },
        { ...order, order_id: 'o3', _row: 'a:3' },
      ],
      'source.orders_items': [
        { ...item, _parent: 'a:1' },
        { ...item, _parent: 'a:2', qty: -1 },
        { ...item, _parent: 'a:3', price: null },
      ],
    },
    expect: [],
    quarantined: { 'unknown user': 1, 'negative quantity': 1, 'item without sku, quantity or price': 1 },
  }),
];
