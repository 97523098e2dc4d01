-- Other ways in than a password, and what is known of a browser.

-- A person at a provider, linked to a user. `identity` is the SHA-256 of provider, issuer and
-- subject: exact on every database, whatever its collation, and never an address.
-- when: no table social_accounts
CREATE TABLE social_accounts (
    id {id},
    user_id {user} NOT NULL,
    provider varchar(64) NOT NULL,
    identity varchar(64) NOT NULL,
    issuer varchar(255) NOT NULL,
    subject varchar(255) NOT NULL,
    email varchar(255) NULL,
    name varchar(255) NULL,
    last_used_at {time} NULL,
    created_at {time} NOT NULL
) {charset};
CREATE UNIQUE INDEX social_accounts_identity_unique ON social_accounts (identity);
CREATE INDEX social_accounts_user_id_index ON social_accounts (user_id);

-- Fortify's passkeys (package laravel/passkeys), with its names, types and indexes.
-- when: no table passkeys
CREATE TABLE passkeys (
    id {id},
    user_id {user} NOT NULL,
    name varchar(255) NOT NULL,
    credential_id varchar(255) NOT NULL,
    credential {longtext} NOT NULL,
    last_used_at {time} NULL,
    created_at {time} NULL,
    updated_at {time} NULL
) {charset};
CREATE UNIQUE INDEX passkeys_credential_id_unique ON passkeys (credential_id);
CREATE INDEX passkeys_user_id_index ON passkeys (user_id);

-- Where Laravel made it, the column is the database's own kind of JSON, which changes what is written
-- or cannot be compared. Laravel reads a text as well.
-- when: json passkeys.credential
ALTER TABLE passkeys {change} credential {to_longtext};

-- What a browser carried sealed between two requests, once it was taken: nothing is taken twice.
-- when: no table spent_flows
CREATE TABLE spent_flows (
    id varchar(64) NOT NULL PRIMARY KEY,
    expires_at {time} NOT NULL
) {charset};
CREATE INDEX spent_flows_expires_at_index ON spent_flows (expires_at);

-- Browsers that are not asked for the second factor for a while, as long as the epoch is theirs.
-- when: no table trusted_browsers
CREATE TABLE trusted_browsers (
    id {id},
    user_id {user} NOT NULL,
    secret varchar(64) NOT NULL,
    epoch {ref} NOT NULL,
    ip_address varchar(45) NULL,
    user_agent text NULL,
    last_used_at {time} NULL,
    created_at {time} NOT NULL,
    expires_at {time} NOT NULL
) {charset};
CREATE UNIQUE INDEX trusted_browsers_secret_unique ON trusted_browsers (secret);
CREATE INDEX trusted_browsers_user_id_index ON trusted_browsers (user_id);
CREATE INDEX trusted_browsers_expires_at_index ON trusted_browsers (expires_at);
