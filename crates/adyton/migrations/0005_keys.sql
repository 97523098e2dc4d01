-- What Adyton notes of the database itself. The row `canary` is sealed with the installation's key:
-- a server that cannot open it has another key, and does not start.
-- when: no table adyton_state
CREATE TABLE adyton_state (
    name varchar(64) NOT NULL PRIMARY KEY,
    value text NOT NULL
) {charset};
