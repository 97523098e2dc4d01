-- What BeatPass keeps beside Adyton's users: music, money, people.

CREATE TABLE tracks (
    id {id},
    user_id {ref} NOT NULL,
    title varchar(255) NOT NULL,
    genre varchar(64) NULL,
    price_cents {int} NOT NULL,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL
) {charset};
CREATE INDEX tracks_user_id_index ON tracks (user_id);

-- One purchase a person and track: begun twice is begun once.
CREATE TABLE purchases (
    id {id},
    user_id {ref} NOT NULL,
    track_id {ref} NOT NULL,
    price_cents {int} NOT NULL,
    status varchar(16) NOT NULL,
    created_at {time} NOT NULL
) {charset};
CREATE UNIQUE INDEX purchases_user_id_track_id_unique ON purchases (user_id, track_id);
CREATE INDEX purchases_track_id_index ON purchases (track_id);

CREATE TABLE follows (
    id {id},
    user_id {ref} NOT NULL,
    artist_id {ref} NOT NULL,
    created_at {time} NOT NULL
) {charset};
CREATE UNIQUE INDEX follows_user_id_artist_id_unique ON follows (user_id, artist_id);
CREATE INDEX follows_artist_id_index ON follows (artist_id);

-- The two people of a conversation, the one with the smaller id first.
CREATE TABLE conversations (
    id {id},
    first_user_id {ref} NOT NULL,
    second_user_id {ref} NOT NULL,
    created_at {time} NOT NULL
) {charset};
CREATE UNIQUE INDEX conversations_users_unique ON conversations (first_user_id, second_user_id);
CREATE INDEX conversations_second_user_id_index ON conversations (second_user_id);

CREATE TABLE messages (
    id {id},
    conversation_id {ref} NOT NULL,
    sender_id {ref} NOT NULL,
    body text NOT NULL,
    created_at {time} NOT NULL
) {charset};
CREATE INDEX messages_conversation_id_index ON messages (conversation_id);

CREATE TABLE beat_requests (
    id {id},
    user_id {ref} NOT NULL,
    title varchar(255) NOT NULL,
    details text NULL,
    budget_cents {int} NOT NULL,
    created_at {time} NOT NULL
) {charset};
CREATE INDEX beat_requests_user_id_index ON beat_requests (user_id);
