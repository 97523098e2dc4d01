-- The tables that Laravel and Sanctum make, with their names, columns, types and indexes.
-- An existing Laravel database has them: then nothing happens here.

-- when: no table users
CREATE TABLE users (
    id {id},
    name varchar(255) NOT NULL,
    email varchar(255) NOT NULL,
    email_verified_at {time} NULL,
    password varchar(255) NOT NULL,
    two_factor_secret text NULL,
    two_factor_recovery_codes text NULL,
    two_factor_confirmed_at {time} NULL,
    remember_token varchar(100) NULL,
    created_at {time} NULL,
    updated_at {time} NULL
) {charset};
CREATE UNIQUE INDEX users_email_unique ON users (email);

-- when: no table personal_access_tokens
CREATE TABLE personal_access_tokens (
    id {id},
    tokenable_type varchar(255) NOT NULL,
    tokenable_id {user} NOT NULL,
    name text NOT NULL,
    token varchar(64) NOT NULL,
    abilities text NULL,
    last_used_at {time} NULL,
    expires_at {time} NULL,
    created_at {time} NULL,
    updated_at {time} NULL
) {charset};
CREATE INDEX personal_access_tokens_tokenable_type_tokenable_id_index ON personal_access_tokens (tokenable_type, tokenable_id);
CREATE UNIQUE INDEX personal_access_tokens_token_unique ON personal_access_tokens (token);
CREATE INDEX personal_access_tokens_expires_at_index ON personal_access_tokens (expires_at);

-- Tables made before Sanctum 3.0 have no expires_at.
-- when: no column personal_access_tokens.expires_at
ALTER TABLE personal_access_tokens ADD COLUMN expires_at {time} NULL;

-- when: no table sessions
CREATE TABLE sessions (
    id varchar(255) NOT NULL PRIMARY KEY,
    user_id {user} NULL,
    ip_address varchar(45) NULL,
    user_agent text NULL,
    payload {longtext} NOT NULL,
    last_activity {int} NOT NULL
) {charset};
CREATE INDEX sessions_user_id_index ON sessions (user_id);
CREATE INDEX sessions_last_activity_index ON sessions (last_activity);
