import { modelTest } from '../../../workflows/definition/index.ts';

export default [
  modelTest('a customer is kept as read, also one without city and email', {
    given: {
      'source.clientes': [
        {
          cliente_id: 1,
          nombre: 'Ana',
          ciudad: 'Madrid',
          email: 'ana@example.com',
          fecha_alta: '2024-05-01',
          _line: 2,
        },
        { cliente_id: 2, nombre: 'Luis', fecha_alta: '2024-02-29', _line: 3 },
      ],
    },
    expect: [
      { cliente_id: 1, nombre: 'Ana', ciudad: 'Madrid', email: 'ana@example.com', fecha_alta: '2024-05-01' },
      { cliente_id: 2, nombre: 'Luis', ciudad: null, email: null, fecha_alta: '2024-02-29' },
    ],
  }),
];
