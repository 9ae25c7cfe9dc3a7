import { foldedWords } from './folded-words.ts';

/** What becomes of a payment, as people write it in English, Spanish and Portuguese, without accents. */
const STATUS_WORDS: Readonly<Record<string, readonly string[]>> = {
  approved: [
    ...[
      'approved',
      'accepted',
      'success',
      'successful',
      'succeeded',
      'ok',
      'paid',
      'captured',
      'authorized',
      'authorised',
    ],
    ...[
      'completed',
      'settled',
      'aprobada',
      'aprobado',
      'aceptada',
      'aceptado',
      'exitosa',
      'exitoso',
      'pagada',
      'pagado',
    ],
    ...[
      'autorizada',
      'autorizado',
      'completada',
      'completado',
      'aprovada',
      'aprovado',
      'aceita',
      'aceito',
      'paga',
      'pago',
    ],
    ...['sucesso', 'concluida', 'concluido', 'capturada', 'capturado'],
  ],
  declined: [
    ...['declined', 'rejected', 'refused', 'denied', 'not approved', 'rechazada', 'rechazado', 'denegada', 'denegado'],
    ...['negada', 'negado', 'recusada', 'recusado', 'rejeitada', 'rejeitado', 'declinada', 'declinado'],
  ],
  pending: [
    ...['pending', 'processing', 'in progress', 'waiting', 'in process', 'pendiente', 'en proceso', 'procesando'],
    ...['en espera', 'pendente', 'em processamento', 'processando', 'aguardando', 'em analise'],
  ],
  refunded: [
    ...[
      'refunded',
      'refund',
      'reversed',
      'returned',
      'reembolsada',
      'reembolsado',
      'devuelta',
      'devuelto',
      'reversada',
    ],
    ...['estornada', 'estornado', 'estorno', 'devolvida', 'devolvido', 'reversado', 'devolucion', 'reembolso'],
  ],
  chargeback: [
    'chargeback',
    'charged back',
    'disputed',
    'dispute',
    'contracargo',
    'disputada',
    'disputa',
    'contestada',
  ],
  error: ['error', 'failed', 'failure', 'fault', 'fallida', 'fallido', 'fallo', 'erro', 'falha', 'falhou'],
  unknown: ['unknown', 'desconocida', 'desconocido', 'desconhecida', 'desconhecido'],
};

const STATUS_OF = new Map(
  Object.entries(STATUS_WORDS).flatMap(([status, words]) => words.map((word) => [word, status] as const)),
);

/** The status that a text is a known word for, in any case and with or without accents. */
export function statusOf(text: string): string | undefined {
  return STATUS_OF.get(foldedWords(isShouted(text) ? text.toLowerCase() : text).join(' '));
}

/** Capitals throughout are no borders between words. */
function isShouted(text: string): boolean {
  return text === text.toUpperCase();
}
