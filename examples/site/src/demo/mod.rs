//! A Site that looks as if people read it: `--demo`. The same every time, but for the dates, which
//! are counted back from today.

use std::time::Duration;

use adyton::db::Value;
use adyton::{Adyton, Result, Tx, User, UserDraft, UserId};
use chrono::{DateTime, Utc};

use crate::posts::{slug, tags};

const PASSWORD: &str = "night reader 26";
const POSTS: &str = include_str!("posts.txt");
const COMMENTS: &str = include_str!("comments.txt");
const TICKETS: &str = include_str!("tickets.txt");
/// Who comments, and on the second line who only reads.
const PEOPLE: &str = include_str!("people.txt");

const MANY_COMMENTS: usize = 200;
const MANY_SUBSCRIBERS: usize = 60;
/// From one post to the next: forty of them in two years.
const DAYS_BETWEEN_POSTS: u64 = 18;

/// Fills an empty database.
pub async fn fill(adyton: Adyton) -> Result<()> {
    let owner = person(&adyton, "Olivia Marsh", "owner@example.com", true).await?;
    let ana = person(&adyton, "Ana", "ana@example.com", true).await?;
    let mut readers = vec![ana.id];
    let mut lines = PEOPLE.lines();
    readers.extend(people(&adyton, lines.next().unwrap_or_default()).await?);
    let silent = people(&adyton, lines.next().unwrap_or_default()).await?;
    // The people come first: a transaction on SQLite keeps all others waiting.
    let now = adyton.clock().now();
    let mut tx = adyton.db().begin().await?;
    let posts = write_posts(&mut tx, &owner.id, now).await?;
    write_comments(&mut tx, &posts, &readers).await?;
    write_tickets(&mut tx, &owner.id, &readers, now).await?;
    let all: Vec<&UserId> = silent.iter().chain(&readers).collect();
    subscribe(&mut tx, &all, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Those without a password cannot log in, and take no time to make.
async fn person(adyton: &Adyton, name: &str, email: &str, logs_in: bool) -> Result<User> {
    let mut draft = UserDraft::new(name, email);
    draft.password = logs_in.then(|| PASSWORD.into());
    draft.verified = true;
    adyton.create_user(draft).await
}

async fn people(adyton: &Adyton, names: &str) -> Result<Vec<UserId>> {
    let mut made = Vec::new();
    for name in names.split(", ") {
        let email = name.to_lowercase().replace(' ', ".") + "@example.com";
        made.push(person(adyton, name, &email, false).await?.id);
    }
    Ok(made)
}

/// The posts, the newest first; the last three to be written are still drafts.
async fn write_posts(
    tx: &mut Tx,
    owner: &UserId,
    now: DateTime<Utc>,
) -> Result<Vec<(i64, DateTime<Utc>)>> {
    tx.run("DELETE FROM posts", &[]).await?;
    let mut published = Vec::new();
    for (at, text) in POSTS.split("\n\n").enumerate() {
        let mut lines = text.lines();
        let mut line = || lines.next().unwrap_or_default();
        let (title, tagged, excerpt, body) = (line(), line(), line(), line());
        let is_draft = at < 3;
        let written = now - days(at as u64 * DAYS_BETWEEN_POSTS + 1);
        let sql = "INSERT INTO posts (title, slug, excerpt, body, status, author_id, published_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let values = [
            title.into(),
            slug::of(title).into(),
            excerpt.into(),
            format!("{excerpt}\n\n{body}").into(),
            if is_draft { "draft" } else { "published" }.into(),
            owner.into(),
            written.into(),
        ];
        let id = tx.insert(sql, &values).await?;
        let tagged: Vec<String> = tagged.split(", ").map(str::to_owned).collect();
        tags::replace(tx, id, &tagged).await?;
        if !is_draft {
            published.push((id, written));
        }
    }
    Ok(published)
}

/// Spread over posts and readers by steps that have no common factor with how many there are.
async fn write_comments(
    tx: &mut Tx,
    posts: &[(i64, DateTime<Utc>)],
    readers: &[UserId],
) -> Result<()> {
    let words: Vec<&str> = COMMENTS.lines().collect();
    for at in 0..MANY_COMMENTS {
        let (post, published) = posts[at * at * 7 % posts.len()];
        let status = if at % 23 == 5 { "hidden" } else { "approved" };
        let sql = "INSERT INTO comments (post_id, user_id, body, status, created_at) \
                   VALUES ($1, $2, $3, $4, $5)";
        let values = [
            post.into(),
            (&readers[at * 7 % readers.len()]).into(),
            words[at * 11 % words.len()].into(),
            status.into(),
            (published + Duration::from_secs(at as u64 % 20 * 3_600)).into(),
        ];
        tx.insert(sql, &values).await?;
    }
    Ok(())
}

/// A subject, what is asked, and what was said then by turns: the owner first.
async fn write_tickets(
    tx: &mut Tx,
    owner: &UserId,
    readers: &[UserId],
    now: DateTime<Utc>,
) -> Result<()> {
    for (at, text) in TICKETS.split("\n\n").enumerate() {
        let lines: Vec<&str> = text.lines().collect();
        let [subject, body, replies @ ..] = &lines[..] else {
            continue;
        };
        let reader = &readers[at * 4 % readers.len()];
        let opened = now - days(at as u64 * 9 + 1);
        let status = match replies.len() {
            0 => "open",
            1 if at % 2 == 0 => "answered",
            2 if at % 3 == 0 => "open",
            _ => "closed",
        };
        let sql = "INSERT INTO tickets (user_id, subject, body, status, created_at, updated_at) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let last = opened + hours(replies.len());
        let values: [Value; 6] = [
            reader.into(),
            (*subject).into(),
            (*body).into(),
            status.into(),
            opened.into(),
            last.into(),
        ];
        let ticket = tx.insert(sql, &values).await?;
        for (turn, said) in replies.iter().enumerate() {
            let by_owner = turn % 2 == 0;
            let sql = "INSERT INTO ticket_replies (ticket_id, user_id, by_owner, body, created_at) \
                       VALUES ($1, $2, $3, $4, $5)";
            let values: [Value; 5] = [
                ticket.into(),
                if by_owner { owner } else { reader }.into(),
                by_owner.into(),
                (*said).into(),
                (opened + hours(turn + 1)).into(),
            ];
            tx.insert(sql, &values).await?;
        }
    }
    Ok(())
}

async fn subscribe(tx: &mut Tx, people: &[&UserId], now: DateTime<Utc>) -> Result<()> {
    for (at, user) in people.iter().take(MANY_SUBSCRIBERS).enumerate() {
        let sql = "INSERT INTO newsletter_subscriptions (user_id, created_at) VALUES ($1, $2)";
        let since = now - days(at as u64 * 11 + 2);
        tx.insert(sql, &[(*user).into(), since.into()]).await?;
    }
    Ok(())
}

fn days(count: u64) -> Duration {
    Duration::from_secs(count * 24 * 3_600)
}

fn hours(count: usize) -> Duration {
    Duration::from_secs(count as u64 * 3_600)
}
