-- What Laravel has no column for.

-- when: no column users.role
ALTER TABLE users ADD COLUMN role varchar(64) NULL;
-- when: no column users.disabled_at
ALTER TABLE users ADD COLUMN disabled_at {time} NULL;

-- One remembered browser a row; Laravel shares one remember_token among all of a user's browsers.
-- when: no table remembered_browsers
CREATE TABLE remembered_browsers (
    id {id},
    user_id {user} NOT NULL,
    selector varchar(64) NOT NULL,
    validator varchar(64) NOT NULL,
    previous_validator varchar(64) NULL,
    rotated_at {time} NOT NULL,
    ip_address varchar(45) NULL,
    user_agent text NULL,
    created_at {time} NOT NULL,
    expires_at {time} NOT NULL
) {charset};
CREATE UNIQUE INDEX remembered_browsers_selector_unique ON remembered_browsers (selector);
CREATE INDEX remembered_browsers_user_id_index ON remembered_browsers (user_id);
CREATE INDEX remembered_browsers_expires_at_index ON remembered_browsers (expires_at);
