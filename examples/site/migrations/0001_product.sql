-- What the Site keeps beside Adyton's users: posts, what readers write, who wants the newsletter.

CREATE TABLE posts (
    id {id},
    title varchar(255) NOT NULL,
    body text NOT NULL,
    published_at {time} NOT NULL
) {charset};
INSERT INTO posts (title, body, published_at)
    VALUES ('Hello', 'The first post is here from the start.', '2026-01-01 00:00:00');

CREATE TABLE comments (
    id {id},
    post_id {ref} NOT NULL,
    user_id {ref} NOT NULL,
    body text NOT NULL,
    created_at {time} NOT NULL
) {charset};
CREATE INDEX comments_post_id_index ON comments (post_id);

CREATE TABLE tickets (
    id {id},
    user_id {ref} NOT NULL,
    subject varchar(255) NOT NULL,
    body text NOT NULL,
    status varchar(16) NOT NULL,
    created_at {time} NOT NULL
) {charset};
CREATE INDEX tickets_user_id_index ON tickets (user_id);

CREATE TABLE newsletter_subscriptions (
    id {id},
    user_id {ref} NOT NULL,
    created_at {time} NOT NULL
) {charset};
CREATE UNIQUE INDEX newsletter_subscriptions_user_id_unique ON newsletter_subscriptions (user_id);
