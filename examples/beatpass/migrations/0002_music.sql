-- What a track is besides its title: how it sounds, where its files are, and what it is found by.

ALTER TABLE tracks ADD COLUMN album_id {ref} NULL;
ALTER TABLE tracks ADD COLUMN mood varchar(64) NULL;
ALTER TABLE tracks ADD COLUMN bpm {int} NULL;
ALTER TABLE tracks ADD COLUMN musical_key varchar(32) NULL;
-- A JSON list.
ALTER TABLE tracks ADD COLUMN tags varchar(1500) NULL;
ALTER TABLE tracks ADD COLUMN description text NULL;
ALTER TABLE tracks ADD COLUMN duration_seconds {int} NULL;
ALTER TABLE tracks ADD COLUMN plays {int} NOT NULL DEFAULT 0;
ALTER TABLE tracks ADD COLUMN is_published {bool} NOT NULL DEFAULT TRUE;
ALTER TABLE tracks ADD COLUMN audio_key varchar(64) NULL;
ALTER TABLE tracks ADD COLUMN cover_key varchar(64) NULL;
-- What it is found by: folded words between blanks. See catalog/words.rs.
ALTER TABLE tracks ADD COLUMN words varchar(3000) NOT NULL DEFAULT '';
CREATE INDEX tracks_album_id_index ON tracks (album_id);

CREATE TABLE albums (
    id {id},
    user_id {ref} NOT NULL,
    title varchar(255) NOT NULL,
    description text NULL,
    cover_key varchar(64) NULL,
    words varchar(600) NOT NULL,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL
) {charset};
CREATE INDEX albums_user_id_index ON albums (user_id);

-- What artists say of themselves. Whoever said nothing has no row.
CREATE TABLE artists (
    id {id},
    user_id {ref} NOT NULL,
    bio text NULL
) {charset};
CREATE UNIQUE INDEX artists_user_id_unique ON artists (user_id);

-- A listener counts once an hour for a track. The day is written out, for sums by the day.
CREATE TABLE plays (
    id {id},
    track_id {ref} NOT NULL,
    listener varchar(64) NOT NULL,
    hour {int} NOT NULL,
    day varchar(10) NOT NULL
) {charset};
CREATE UNIQUE INDEX plays_track_id_listener_hour_unique ON plays (track_id, listener, hour);
CREATE INDEX plays_track_id_day_index ON plays (track_id, day);

-- The full text of the words, by each database's own index. Tracks that are there already are found
-- by their titles until they are changed.

-- when: on SQLite
CREATE VIRTUAL TABLE track_words USING fts5(words, content = 'tracks', content_rowid = 'id');
CREATE TRIGGER track_words_insert AFTER INSERT ON tracks BEGIN INSERT INTO track_words (rowid, words) VALUES (new.id, new.words); END;
CREATE TRIGGER track_words_delete AFTER DELETE ON tracks BEGIN INSERT INTO track_words (track_words, rowid, words) VALUES ('delete', old.id, old.words); END;
CREATE TRIGGER track_words_update AFTER UPDATE OF words ON tracks BEGIN INSERT INTO track_words (track_words, rowid, words) VALUES ('delete', old.id, old.words); INSERT INTO track_words (rowid, words) VALUES (new.id, new.words); END;
INSERT INTO track_words (track_words) VALUES ('rebuild');
UPDATE tracks SET words = ' ' || LOWER(title) || ' ';

-- when: on PostgreSQL
UPDATE tracks SET words = CONCAT(' ', LOWER(title), ' ');
CREATE INDEX tracks_words_index ON tracks USING gin (to_tsvector('simple', words));

-- when: on MySQL
UPDATE tracks SET words = CONCAT(' ', LOWER(title), ' ');
CREATE FULLTEXT INDEX tracks_words_index ON tracks (words);
