import { foldedWords, wordsOfPath } from './folded-words.ts';

/**
 * How people call what is known under a column's name, in English, Spanish and Portuguese, without accents. A phrase of several
 * words may be spread over the names of a path: `comercio.id`.
 */
const FIELD_NAMES: Readonly<Record<string, readonly string[]>> = {
  transactional_id: [
    ...['transaction id', 'transactional id', 'txn id', 'tx id', 'trx id', 'payment id', 'charge id', 'operation id'],
    ...['reference', 'ref', 'external id', 'order id', 'uid', 'uuid', 'id'],
    ...['referencia', 'id transaccion', 'transaccion id', 'id operacion', 'numero operacion', 'id pago', 'pago id'],
    ...['folio', 'transaccion', 'id transacao', 'transacao id', 'codigo transacao', 'pagamento id', 'nsu'],
  ],
  provider: [
    ...['provider', 'gateway', 'processor', 'psp', 'acquirer', 'p id', 'provider name', 'source system'],
    ...['proveedor', 'pasarela', 'procesador', 'adquirente', 'fornecedor', 'provedor', 'processador', 'operadora'],
  ],
  merchant_id: [
    ...['merchant id', 'merch id', 'shop id', 'store id', 'seller id', 'mid', 'merchant code'],
    ...['comercio id', 'id comercio', 'codigo comercio', 'tienda id', 'id tienda', 'vendedor id'],
    ...['lojista id', 'id lojista', 'codigo lojista', 'loja id', 'id loja', 'estabelecimento id'],
  ],
  merchant_name: [
    ...['merchant name', 'merchant', 'shop name', 'store name', 'seller name', 'shop', 'store', 'seller'],
    ...['comercio nombre', 'nombre comercio', 'nombre del comercio', 'comercio', 'tienda', 'establecimiento'],
    ...['lojista nome', 'nome lojista', 'nome do lojista', 'lojista', 'loja', 'estabelecimento'],
  ],
  merchant_country: [
    ...['merchant country', 'shop country', 'store country', 'pais comercio', 'comercio pais', 'pais del comercio'],
    ...['pais lojista', 'lojista pais', 'pais do lojista', 'pais loja'],
  ],
  amount: [
    ...['amount', 'amt', 'total', 'value', 'val', 'sum', 'price', 'total amount', 'amount value', 'gross', 'charged'],
    ...['monto', 'importe', 'cantidad', 'precio', 'monto total', 'importe total', 'valor total', 'total pago'],
    ...['valor', 'quantia', 'montante', 'preco', 'vlr'],
  ],
  currency: [
    ...['currency', 'ccy', 'cur', 'curr', 'currency code', 'iso currency'],
    ...['moneda', 'divisa', 'codigo moneda', 'moeda', 'codigo moeda'],
  ],
  status: [
    ...['status', 'state', 'stat', 'result', 'outcome', 'payment status', 'response', 'decision'],
    ...['estado', 'estatus', 'resultado', 'respuesta', 'estado pago'],
    ...['situacao', 'resposta', 'status pagamento'],
  ],
  card_country: [
    ...['card country', 'issuer country', 'bin country', 'card iso', 'country of card'],
    ...['pais tarjeta', 'tarjeta pais', 'pais emisor', 'pais de la tarjeta'],
    ...['pais cartao', 'cartao pais', 'pais emissor', 'pais do cartao'],
  ],
  origin_country: [
    ...['origin country', 'country', 'country code', 'origin iso', 'origin', 'ip country', 'iso country'],
    ...['pais', 'pais origen', 'codigo pais', 'origen', 'pais origem', 'origem'],
  ],
  latency_ms: [
    ...['latency ms', 'latency', 'exec ms', 'duration ms', 'elapsed ms', 'response time', 'took ms', 'duration'],
    ...['latencia', 'duracion ms', 'tiempo respuesta', 'duracao ms', 'tempo resposta', 'duracion', 'duracao'],
  ],
  occurred_at: [
    ...['occurred at', 'created at', 'created', 'timestamp', 'ts', 'time', 'date', 'datetime', 'event time'],
    ...['transaction date', 'payment date', 'processed at', 'paid at', 'updated at'],
    ...['fecha', 'fecha hora', 'fecha pago', 'fecha transaccion', 'fecha creacion', 'creado', 'hora', 'momento'],
    ...['data', 'data hora', 'data pagamento', 'data transacao', 'criado em', 'horario'],
  ],
};

/** How well a name says that a path holds a column: 0 is not at all, 1 in so many words. */
export function nameFit(column: string, path: string): number {
  const segments = wordsOfPath(path);
  const whole = segments.flat().join(' ');
  const last = segments.at(-1) ?? [];
  const phrases = [foldedWords(column).join(' '), ...(FIELD_NAMES[column] ?? [])];
  return Math.max(...phrases.map((phrase, index) => fitOf(phrase, whole, last) - index * NEVER_EQUAL));
}

/** Phrases that come first are the better ones of two that fit equally well. */
const NEVER_EQUAL = 0.0001;

function fitOf(phrase: string, whole: string, last: readonly string[]): number {
  const name = last.join(' ');
  if (whole === phrase || squeezed(whole) === squeezed(phrase)) return 1;
  if (name === phrase || squeezed(name) === squeezed(phrase)) return phrase.includes(' ') ? 0.98 : 0.9;
  if (whole.endsWith(` ${phrase}`) && phrase.includes(' ')) return 0.95;
  const words = phrase.split(' ');
  // An `id` in a longer name is that of something else.
  if (words.length === 1 && phrase.length < 3) return 0;
  return words.every((word) => last.includes(word)) ? 0.6 : 0;
}

/** `merchantid` is written for `merchant_id`. */
function squeezed(text: string): string {
  return text.replaceAll(' ', '');
}
