-- Money: what became of a purchase, and each try to charge for it.

ALTER TABLE purchases ADD COLUMN failure varchar(64) NULL;
ALTER TABLE purchases ADD COLUMN paid_at {time} NULL;
-- A refund is asked of Stripe once: this is the mark of whoever asks.
ALTER TABLE purchases ADD COLUMN refund_begun_at {time} NULL;

-- An attempt is one PaymentIntent at Stripe. It is open while it might still charge, and a purchase
-- has one open attempt at most: NULLs are never equal to each other.
CREATE TABLE purchase_attempts (
    id {id},
    purchase_id {ref} NOT NULL,
    open_purchase_id {ref} NULL,
    idempotency_key varchar(64) NOT NULL,
    intent varchar(255) NULL,
    created_at {time} NOT NULL
) {charset};
CREATE UNIQUE INDEX purchase_attempts_open_unique ON purchase_attempts (open_purchase_id);
CREATE UNIQUE INDEX purchase_attempts_intent_unique ON purchase_attempts (intent);
CREATE INDEX purchase_attempts_purchase_id_index ON purchase_attempts (purchase_id);

-- A member at Stripe: one in test mode, one in live mode.
CREATE TABLE stripe_customers (
    id {id},
    user_id {ref} NOT NULL,
    is_live {bool} NOT NULL,
    customer varchar(255) NOT NULL,
    created_at {time} NOT NULL
) {charset};
CREATE UNIQUE INDEX stripe_customers_user_id_is_live_unique ON stripe_customers (user_id, is_live);

-- Stripe's events that were taken in. They come twice, and out of order.
CREATE TABLE stripe_events (
    id {id},
    event varchar(255) NOT NULL,
    received_at {time} NOT NULL
) {charset};
CREATE UNIQUE INDEX stripe_events_event_unique ON stripe_events (event);

-- People: how far each has read, what producers offer.

CREATE TABLE conversation_reads (
    id {id},
    conversation_id {ref} NOT NULL,
    user_id {ref} NOT NULL,
    message_id {ref} NOT NULL
) {charset};
CREATE UNIQUE INDEX conversation_reads_unique ON conversation_reads (conversation_id, user_id);

ALTER TABLE beat_requests ADD COLUMN genre varchar(64) NULL;
ALTER TABLE beat_requests ADD COLUMN status varchar(16) NOT NULL DEFAULT 'open';
ALTER TABLE beat_requests ADD COLUMN deadline {time} NULL;

-- One offer a producer and request.
CREATE TABLE beat_offers (
    id {id},
    beat_request_id {ref} NOT NULL,
    user_id {ref} NOT NULL,
    track_id {ref} NULL,
    price_cents {int} NOT NULL,
    message text NOT NULL,
    created_at {time} NOT NULL
) {charset};
CREATE UNIQUE INDEX beat_offers_unique ON beat_offers (beat_request_id, user_id);
