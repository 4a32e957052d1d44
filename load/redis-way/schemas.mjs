// What is asked for and what is answered: compiled by fastify into a validator and a serializer.

const text = (maxLength = 128) => ({ type: 'string', minLength: 1, maxLength });
const nullable = type => ({ type: [type, 'null'] });
const event = {
  type: 'object',
  required: ['eventId', 'type', 'consumerId', 'brand', 'occurredAt'],
  properties: {
    eventId: text(), type: text(), consumerId: text(), brand: text(), occurredAt: { type: 'string', format: 'date-time' }, item: text(), rating: { type: 'integer' },
    value: { type: 'integer' }, currency: text(3), orderId: text(), decisionId: { type: ['string', 'null'] },
  },
};
const results = {
  type: 'object',
  properties: {
    accepted: { type: 'integer' }, duplicates: { type: 'integer' }, rejected: { type: 'integer' },
    results: {
      type: 'array',
      items: { type: 'object', properties: { eventId: text(), status: text(), code: text(), detail: text() } },
    },
  },
};
const creative = {
  type: 'object',
  properties: {
    id: text(), format: text(), url: text(), landing: nullable('string'), appLink: nullable('string'), trackers: { type: 'object', additionalProperties: true },
  },
};
const decision = {
  type: 'object',
  properties: {
    decisionId: text(), brand: text(), campaign: text(), storyline: text(), step: text(), creative, stage: text(), deeplinkStage: text(),
    intent: { type: 'number' }, purchaseProbability: nullable('number'), score: { type: 'number' }, propensity: { type: 'number' },
    impressionUrl: text(), viewableUrl: text(), clickUrl: text(), eventUrl: text(), expiresAt: nullable('string'),
  },
};

export const eventsSchema = {
  body: { type: 'object', required: ['events'], properties: { events: { type: 'array', maxItems: 1_000, items: event } } },
  response: { 200: results },
};

export const decisionsSchema = {
  body: {
    type: 'object',
    required: ['consumer', 'placements'],
    properties: {
      requestId: text(),
      consumer: { type: 'object', required: ['id'], properties: { id: text(), consent: { const: true } } },
      placements: {
        type: 'array', minItems: 1, maxItems: 30,
        items: {
          type: 'object',
          required: ['id', 'formats'],
          properties: {
            id: text(), channel: text(), formats: { type: 'array', items: { enum: ['video', 'image', 'html', 'native'] } }, size: text(),
            count: { type: 'integer', minimum: 1, maximum: 20 }, confirm: { const: 'impression' },
          },
        },
      },
      context: { type: 'object', properties: { device: text(), country: text() } },
      events: { type: 'array', maxItems: 50, items: event },
      brands: { type: 'array', maxItems: 64, items: text() },
    },
  },
  response: {
    200: {
      type: 'object',
      properties: {
        requestId: nullable('string'), catalogueVersion: text(), policyVersion: { type: 'integer' },
        placements: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              id: text(), decisions: { type: 'array', items: decision },
              noDecision: { type: ['object', 'null'], properties: { reason: text(), retryAfter: nullable('string') } },
            },
          },
        },
        events: results,
      },
    },
  },
};
