-- Mail that is to be sent, written in the transaction of what it tells of.
-- Every time is NULL-able: MariaDB changes the first TIMESTAMP that is not at every update.

-- when: no table mail_outbox
CREATE TABLE mail_outbox (
    id {id},
    kind varchar(16) NOT NULL,
    user_id {user} NULL,
    payload {longtext} NOT NULL,
    attempts {int} NOT NULL,
    next_attempt_at {time} NULL,
    claimed_until {time} NULL,
    claimed_by varchar(64) NULL,
    expires_at {time} NULL,
    last_error text NULL,
    created_at {time} NULL
) {charset};
CREATE INDEX mail_outbox_kind_next_attempt_at_index ON mail_outbox (kind, next_attempt_at);
CREATE INDEX mail_outbox_user_id_index ON mail_outbox (user_id);
