-- The life of an account: what must not be decided twice, second steps, links, and the log.

-- Fortify's own migration, where a Laravel database has not had it.
-- when: no column users.two_factor_secret
ALTER TABLE users ADD COLUMN two_factor_secret text NULL;
-- when: no column users.two_factor_recovery_codes
ALTER TABLE users ADD COLUMN two_factor_recovery_codes text NULL;
-- when: no column users.two_factor_confirmed_at
ALTER TABLE users ADD COLUMN two_factor_confirmed_at {time} NULL;

-- One row a user: the number that every change of credentials moves, and the second factor's
-- guesses. Whoever admits, or ends, a user's credentials locks it first.
-- when: no table user_security
CREATE TABLE user_security (
    user_id {user} NOT NULL PRIMARY KEY,
    epoch {int} NOT NULL,
    two_factor_step {int} NOT NULL,
    two_factor_tries {int} NOT NULL,
    two_factor_tries_since {ref} NOT NULL,
    two_factor_failures {int} NOT NULL,
    two_factor_burned_step {int} NOT NULL
) {charset};

-- Somebody has proved the first factor and not yet the second. The key is the SHA-256 of a session
-- cookie or of the text that a token's client holds.
-- when: no table two_factor_challenges
CREATE TABLE two_factor_challenges (
    id varchar(64) NOT NULL PRIMARY KEY,
    user_id {user} NOT NULL,
    via varchar(32) NOT NULL,
    wish text NOT NULL,
    created_at {time} NOT NULL,
    expires_at {time} NOT NULL
) {charset};
CREATE INDEX two_factor_challenges_user_id_index ON two_factor_challenges (user_id);
CREATE INDEX two_factor_challenges_expires_at_index ON two_factor_challenges (expires_at);

-- when: no table password_reset_tokens
CREATE TABLE password_reset_tokens (
    email varchar(255) NOT NULL PRIMARY KEY,
    token varchar(255) NOT NULL,
    created_at {time} NULL
) {charset};

-- Links that were mailed: the key is the SHA-256 of the secret in the link.
-- when: no table one_time_links
CREATE TABLE one_time_links (
    id varchar(64) NOT NULL PRIMARY KEY,
    purpose varchar(32) NOT NULL,
    user_id {user} NULL,
    address varchar(255) NULL,
    payload text NULL,
    created_at {time} NOT NULL,
    expires_at {time} NOT NULL
) {charset};
CREATE INDEX one_time_links_user_id_index ON one_time_links (user_id);
CREATE INDEX one_time_links_address_index ON one_time_links (address);
CREATE INDEX one_time_links_expires_at_index ON one_time_links (expires_at);

-- What happened, for ever: each row's hash covers its own facts and the hash before it.
-- when: no table security_events
CREATE TABLE security_events (
    number {ref} NOT NULL PRIMARY KEY,
    at varchar(32) NOT NULL,
    event varchar(64) NOT NULL,
    outcome varchar(16) NOT NULL,
    user_id {user} NULL,
    actor varchar(16) NOT NULL,
    ip_address varchar(45) NULL,
    user_agent text NULL,
    facts text NOT NULL,
    hash varchar(64) NOT NULL
) {charset};
CREATE INDEX security_events_user_id_number_index ON security_events (user_id, number);

-- How long the log is and what its last hash is; locked by whoever appends.
-- when: no table security_log
CREATE TABLE security_log (
    id {int} NOT NULL PRIMARY KEY,
    length {ref} NOT NULL,
    hash varchar(64) NOT NULL
) {charset};
INSERT INTO security_log (id, length, hash) VALUES (1, 0, '');
