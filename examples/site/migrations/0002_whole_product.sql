-- What the Site gained since: posts with addresses, tags and drafts, comments that are moderated,
-- tickets that are answered.

-- For a draft, published_at is when it was last changed, and is not shown.
ALTER TABLE posts ADD COLUMN slug varchar(160);
ALTER TABLE posts ADD COLUMN excerpt varchar(500);
ALTER TABLE posts ADD COLUMN status varchar(16) NOT NULL DEFAULT 'published';
ALTER TABLE posts ADD COLUMN author_id {ref};
UPDATE posts SET slug = CONCAT('post-', id);
CREATE UNIQUE INDEX posts_slug_unique ON posts (slug);
CREATE INDEX posts_status_index ON posts (status, published_at);

CREATE TABLE post_tags (
    post_id {ref} NOT NULL,
    tag varchar(40) NOT NULL
) {charset};
CREATE UNIQUE INDEX post_tags_unique ON post_tags (post_id, tag);
CREATE INDEX post_tags_tag_index ON post_tags (tag);

ALTER TABLE comments ADD COLUMN status varchar(16) NOT NULL DEFAULT 'approved';
ALTER TABLE comments ADD COLUMN edited_at {time} NULL;
CREATE INDEX comments_user_id_index ON comments (user_id);

ALTER TABLE tickets ADD COLUMN updated_at {time} NULL;
UPDATE tickets SET updated_at = created_at;
CREATE TABLE ticket_replies (
    id {id},
    ticket_id {ref} NOT NULL,
    user_id {ref} NOT NULL,
    by_owner {bool} NOT NULL,
    body text NOT NULL,
    created_at {time} NOT NULL
) {charset};
CREATE INDEX ticket_replies_ticket_id_index ON ticket_replies (ticket_id);

-- when: on MySQL
-- Its `text` ends at 64 KiB, and 50,000 characters may be more.
ALTER TABLE posts MODIFY body longtext NOT NULL;
